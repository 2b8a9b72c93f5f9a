namespace NurtureEngine.Core.Contents;

/// <summary>One state of a content, by the hash of its source; a planned touch keeps the one it was planned with.</summary>
public readonly record struct ContentVersionId(int Value);
