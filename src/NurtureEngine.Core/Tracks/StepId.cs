namespace NurtureEngine.Core.Tracks;

/// <summary>An activity's id within its definition.</summary>
public readonly record struct StepId(string Value)
{
    public override string ToString() => Value;
}
