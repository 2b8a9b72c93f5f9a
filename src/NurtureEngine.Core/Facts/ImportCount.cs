namespace NurtureEngine.Core.Facts;

/// <summary>How many rows of a file made a lead, changed one, or told nothing new.</summary>
public readonly record struct ImportCount(int Created, int Changed, int Unchanged)
{
    public static ImportCount operator +(ImportCount one, ImportCount other) =>
        new(one.Created + other.Created, one.Changed + other.Changed, one.Unchanged + other.Unchanged);

    public static ImportCount Add(ImportCount left, ImportCount right) => left + right;
}
