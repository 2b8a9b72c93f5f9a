namespace NurtureEngine.Scriban.Evaluation.Objects;

/// <summary>
/// What a template reads where the model has nothing: null to everything that asks, but printing it, or anything made of it,
/// stops the rendering and names the field.
/// </summary>
internal sealed record Absent(string Field, int At);
