using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace NurtureEngine.Core.Diagnostics;

/// <summary>
/// A sentence that is written in English where it is needed and can be said in Chinese: its form, with numbers in the places of values, is
/// looked up in <c>sentences.tsv</c>. An interpolated string and a plain one can stand wherever a sentence is asked for.
/// </summary>
[InterpolatedStringHandler]
public sealed partial class Sentence
{
    private static readonly FrozenDictionary<string, string> Chinese = ReadChinese();

    private readonly StringBuilder _form;
    private readonly List<object?> _values;

    public Sentence(int literalLength, int formattedCount) =>
        (_form, _values) = (new StringBuilder(literalLength + (3 * formattedCount)), new List<object?>(formattedCount));

    /// <summary>The sentence with numbers in the places of its values, such as <c>'{0}' is no duration; {1}.</c></summary>
    public string Form => _form.ToString();

    public void AppendLiteral(string value) => _form.Append(value);

    public void AppendFormatted<T>(T value)
    {
        _form.Append(CultureInfo.InvariantCulture, $"{{{_values.Count}}}");
        _values.Add(value);
    }

    public static implicit operator Sentence(string text)
    {
        var sentence = new Sentence(text.Length, 0);
        sentence.AppendLiteral(text);
        return sentence;
    }

    /// <summary>The sentence for readers of a culture; English where it has no translation.</summary>
    public string In(CultureInfo culture)
    {
        var isChinese = culture.TwoLetterISOLanguageName == "zh";
        var form = isChinese ? Chinese.GetValueOrDefault(Form, Form) : Form;
        return Place().Replace(form, match => ValueAt(int.Parse(match.ValueSpan[1..^1], CultureInfo.InvariantCulture)));

        // A plain text may hold such a mark without a value for it.
        string ValueAt(int index) =>
            index >= _values.Count ? $"{{{index}}}"
            : _values[index] is Sentence inner ? inner.In(culture)
            : Convert.ToString(_values[index], CultureInfo.InvariantCulture) is not { } value ? ""
            : isChinese ? Chinese.GetValueOrDefault(value, value)
            : value;
    }

    /// <summary>The sentence in English.</summary>
    public override string ToString() => In(CultureInfo.InvariantCulture);

    /// <summary>Whether a form has a translation.</summary>
    public static bool IsTranslated(string form) => Chinese.ContainsKey(form);

    private static FrozenDictionary<string, string> ReadChinese()
    {
        using var stream = typeof(Sentence).Assembly.GetManifestResourceStream("sentences.tsv")!;
        using var reader = new StreamReader(stream);
        return reader
            .ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.TrimEnd('\r').Split('\t'))
            .ToFrozenDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\{\d\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
