using Scriban.Functions;
using Scriban.Runtime;

namespace NurtureEngine.Core.Templating.Functions;

/// <summary>
/// The functions that templates may call: Scriban's by an allow-list, so that a function of a later release is not available until it has been
/// reviewed, and our own where Scriban's has no bound, reads the machine's time zone or does not know what is markup.
/// </summary>
internal static class Library
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["array"] = Names(
            "add add_range any compact concat contains cycle each filter first insert_at join last limit map offset remove_at reverse size sort uniq"
        ),
        ["date"] = Names(
            "add_days add_hours add_milliseconds add_minutes add_months add_seconds add_years parse parse_to_string to_string"
        ),
        ["html"] = Names("escape newline_to_br raw strip url_encode url_escape"),
        ["math"] = Names("abs ceil divided_by floor format is_number minus modulo plus round times"),
        ["object"] = Names("default format from_json has_key has_value keys kind size to_json typeof values"),
        ["regex"] = Names("escape match matches replace split unescape"),
        ["string"] = Names(
            "append base64_decode base64_encode capitalize capitalizewords contains downcase empty ends_with equals_ignore_case escape handleize "
                + "hmac_sha1 hmac_sha256 hmac_sha512 index_of literal lstrip md5 pad_left pad_right pluralize prepend remove remove_first "
                + "remove_last replace replace_first rstrip sha1 sha256 sha512 size slice slice1 split starts_with strip strip_newlines "
                + "to_double to_float to_int to_long truncate truncatewords upcase whitespace"
        ),
        ["timespan"] = Names("from_days from_hours from_milliseconds from_minutes from_seconds parse zero"),
    };

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["date.now"] = "a message must read the same at every attempt",
        ["date.utc_now"] = "a message must read the same at every attempt",
        ["date.format"] = "a pattern for all dates of a template; write the pattern where it is used",
        ["math.random"] = "the same lead must get the same message at every attempt",
        ["math.uuid"] = "the same lead must get the same message at every attempt",
        ["object.eval"] = "a value must never become code",
        ["object.eval_template"] = "a value must never become code",
        ["include_join"] = "write an 'include' for each",
    };

    /// <summary>The object that every rendering reads its functions from; nothing in it can be written.</summary>
    public static ScriptObject Functions { get; } = Make();

    /// <summary>Every function by its full name, in the order of the alphabet.</summary>
    public static IEnumerable<string> AllNames =>
        Allowed
            .SelectMany(library => library.Value.Select(name => $"{library.Key}.{name}"))
            .Append("include")
            .Order(StringComparer.Ordinal);

    /// <summary>The functions of Scriban that are left out for a reason of their own.</summary>
    public static IEnumerable<string> RefusedNames => Refused.Keys;

    /// <summary>Whether a name is a library's, such as <c>string</c>, or another of the language.</summary>
    public static bool Has(string name) =>
        Allowed.ContainsKey(name) || name is "include" or "empty" or "blank" || Refused.ContainsKey(name);

    /// <summary>Whether a name such as <c>string.shout</c> names a library, and nothing in it.</summary>
    public static bool IsUnknown(string name) =>
        name.Split('.') is [var library, var member, ..]
        && Allowed.TryGetValue(library, out var members)
        && !members.Contains(member);

    /// <summary>Whether a name is a library's.</summary>
    public static bool IsLibrary(string name) => Allowed.ContainsKey(name);

    public static IEnumerable<string> NamesIn(string library) => Allowed[library].Select(name => $"{library}.{name}");

    /// <summary>Why a function is left out; null where it is not.</summary>
    public static string? ReasonAgainst(string name) => Refused.GetValueOrDefault(name);

    /// <summary>The function of a full name such as <c>string.upcase</c>; null where there is none.</summary>
    public static IScriptFunctionInfo? Find(string name)
    {
        var parts = name.Split('.');
        return parts.Length switch
        {
            1 => Functions.GetSafeValue<object>(name) as IScriptFunctionInfo,
            2 when Allowed.ContainsKey(parts[0]) => Functions
                .GetSafeValue<ScriptObject>(parts[0])
                ?.GetSafeValue<object>(parts[1]) as IScriptFunctionInfo,
            _ => null,
        };
    }

    /// <summary>The names of a function's parameters.</summary>
    public static IReadOnlyList<string> ParametersOf(IScriptFunctionInfo function) =>
        [.. Enumerable.Range(0, function.ParameterCount).Select(index => function.GetParameterInfo(index).Name)];

    /// <summary>A function's parameters as a reader expects them: <c>&lt;text&gt; &lt;length&gt; &lt;ellipsis&gt;?</c>.</summary>
    public static string ShapeOf(IScriptFunctionInfo function) =>
        string.Join(
            ' ',
            ParametersOf(function)
                .Select((name, index) => $"<{name}>{(index < function.RequiredParameterCount ? "" : "?")}")
        )
            is { Length: > 0 } shape
            ? shape
            : "none";

    private static ScriptObject Make()
    {
        var functions = new BuiltinFunctions();
        foreach (var name in functions.GetMembers().ToList())
        {
            if (!Allowed.ContainsKey(name) && name is not ("empty" or "blank"))
            {
                functions.Remove(name);
            }
        }

        foreach (var (name, allowed) in Allowed)
        {
            var library = (ScriptObject)functions[name]!;
            foreach (var member in library.GetMembers().Except(allowed).ToList())
            {
                library.Remove(member);
            }
        }

        foreach (var (name, function) in OwnFunctions.All)
        {
            var parts = name.Split('.');
            var target = parts.Length == 1 ? functions : (ScriptObject)functions[parts[0]]!;
            target.SetValue(parts[^1], function, readOnly: true);
        }

        foreach (var name in Allowed.Keys)
        {
            ((ScriptObject)functions[name]!).IsReadOnly = true;
        }

        functions.IsReadOnly = true;
        return functions;
    }

    private static string[] Names(string names) => names.Split(' ');
}
