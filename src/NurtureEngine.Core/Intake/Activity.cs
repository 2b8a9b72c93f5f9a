namespace NurtureEngine.Core.Intake;

/// <summary>What a lead did, as an <c>activity.*</c> event tells it.</summary>
/// <param name="Name">The form, page, file, event or link, as the sender calls it; null where it names none.</param>
/// <param name="Touch">The engine's own touch that it answers; null where it answers none, or the sender does not know.</param>
public sealed record Activity(string? Name, Guid? Touch)
{
    public const int MaxName = 200;

    /// <summary>Where it came from, such as <c>webinar</c>; null where the sender names none.</summary>
    public string? Origin { get; init; }

    /// <summary>The campaign that brought it about; null where the sender names none.</summary>
    public string? Campaign { get; init; }

    /// <summary>What it cost, an amount and its currency; null where it is not known.</summary>
    public string? Cost { get; init; }

    public bool IsNamed(string name) => string.Equals(Name?.Trim(), name.Trim(), StringComparison.OrdinalIgnoreCase);
}
