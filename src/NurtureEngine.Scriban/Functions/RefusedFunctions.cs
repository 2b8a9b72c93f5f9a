using System.Collections.Frozen;

namespace NurtureEngine.Scriban.Functions;

/// <summary>Scriban's functions that this language leaves out on purpose, each with what to do instead.</summary>
internal static class RefusedFunctions
{
    private const string Chance =
        "the same lead must get the same message at every attempt; let the track decide by a split";
    private const string Clock = "a message must read the same at every attempt; use a date of the model";
    private const string Code = "a value must never become code; write it into the template, or include a partial";

    private static readonly FrozenDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["date.now"] = Clock,
        ["date.utc_now"] = Clock,
        ["include_join"] = "write an 'include' for each partial",
        ["math.random"] = Chance,
        ["math.uuid"] = Chance,
        ["object.eval"] = Code,
        ["object.eval_template"] = Code,
    }.ToFrozenDictionary();

    public static IEnumerable<string> Names => Reasons.Keys;

    /// <summary>Why a function is left out; null where it is not one of these.</summary>
    public static string? ReasonFor(string name) => Reasons.GetValueOrDefault(name);
}
