using System.Globalization;

namespace NurtureEngine.Core.Templating;

/// <summary>
/// A field that should be a number and was written in another way, such as <c>1,200</c> or <c>51-200</c>: it prints as written, and is compared by its
/// number.
/// </summary>
/// <param name="Text">As written.</param>
/// <param name="Number">Null where the text names no single number; comparisons then take the field as missing.</param>
public sealed record WrittenNumber(string Text, long? Number)
{
    /// <summary>The value for a model: a number for plain digits, null for null.</summary>
    public static object? Of(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var isNumber = long.TryParse(
            text.Trim(),
            NumberStyles.AllowThousands,
            CultureInfo.InvariantCulture,
            out var number
        );
        return isNumber && number.ToString(CultureInfo.InvariantCulture) == text
            ? number
            : new WrittenNumber(text, isNumber ? number : null);
    }

    public override string ToString() => Text;
}
