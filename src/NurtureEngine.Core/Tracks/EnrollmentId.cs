namespace NurtureEngine.Core.Tracks;

/// <summary>One lead in one track version.</summary>
public readonly record struct EnrollmentId(long Value);
