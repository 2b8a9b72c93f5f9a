using System.Text;

namespace NurtureEngine.Tests;

/// <summary>Spellings of one and the same mailbox, as lists, forms and CRMs hold them.</summary>
internal static class Spelling
{
    private const string Unseen = "\u200B\u00AD\uFEFF\u200D\u2060\u200F";

    public static string Of(string mailbox, Random random)
    {
        var at = mailbox.LastIndexOf('@');
        var text = new StringBuilder(random.Next(3) == 0 ? " \u00A0" : "");
        for (var i = 0; i < mailbox.Length; i++)
        {
            var c = random.Next(3) == 0 ? char.ToUpperInvariant(mailbox[i]) : mailbox[i];
            c = random.Next(4) == 0 && c is > ' ' and <= '~' && (c != '.' || i > at) ? (char)(c - '!' + '！') : c;
            c = i > at && c is '.' && random.Next(3) == 0 ? "。．｡"[random.Next(3)] : c;
            text.Append(random.Next(4) == 0 ? $"{c}".Normalize(NormalizationForm.FormD) : c);
            text.Append(random.Next(6) == 0 ? $"{Unseen[random.Next(Unseen.Length)]}" : "");
        }

        return text.Append(random.Next(3) == 0 ? "." : "").Append(random.Next(3) == 0 ? "\n" : "").ToString();
    }
}
