using System.Collections.Immutable;
using System.Text.RegularExpressions;
using NurtureEngine.Core;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Channels.Email.Reports;

/// <summary>What a machine's message is by its subject.</summary>
public enum MachineSubject
{
    Away,
    Bounce,
    Delay,
    Receipt,
    Complaint,
    Challenge,
    Ticket,
}

/// <summary>A line of the table: what it is, the words at the beginning of the subject, and a subject in which they stand.</summary>
public sealed record SubjectLine(MachineSubject Kind, Regex Words, string Example);

/// <summary>Subjects of machines in the languages of the world, as data (<c>subjects.tsv</c>): a wording that is new is one line more.</summary>
public static partial class MachineSubjects
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);
    private const int MostText = 300;
    private const int MostTail = 120;

    /// <summary>The lines, in the order in which they are asked.</summary>
    public static ImmutableArray<SubjectLine> All { get; } = Load();

    /// <summary>What a subject tells of; null where a person may have written it. An answer's own mark (<c>Re:</c>) makes it a person's.</summary>
    public static MachineSubject? KindOf(string? subject)
    {
        // Gateways put a tag in front.
        var text = Tags().Replace(DomainName.WithoutFormat(subject ?? ""), "").TrimStart(' ', '*', '【', '"', '“', '«');
        text = text.Length > MostText ? text[..MostText] : text;
        // Programs write their mark in brackets too; of a ticket's number the bracket is a part.
        var bare = text.TrimStart('[', '(', '<', '‹', '［', '（');
        try
        {
            return All.FirstOrDefault(line =>
                line.Words.IsMatch(text) || bare.Length < text.Length && line.Words.IsMatch(bare)
            )?.Kind;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Whether a subject ends with a machine's mark (<c>Welcome (Out of office)</c>), which a person may have written, too.</summary>
    public static bool EndsLikeOne(string? subject)
    {
        var end = subject ?? "";
        end = end[^Math.Min(end.Length, MostTail)..];
        return Tail().Match(end) is { Success: true } tail && KindOf(tail.Groups[1].Value) is not null;
    }

    [GeneratedRegex(@"(?:[\(\[（【]|\s[-–—|]\s)([^\(\[（【\-–—|]{3,80})[\)\]）】]?\s*$")]
    private static partial Regex Tail();

    [GeneratedRegex(
        @"^\s*(\[(ext(ern(al)?)?|spam\??|warning|caution|suspected[^\]]*)\]:?\s*)+",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Tags();

    private static ImmutableArray<SubjectLine> Load() =>
        [
            .. WordTable
                .Read(typeof(MachineSubjects).Assembly, "subjects.tsv")
                .Select(cells => new SubjectLine(
                    Enum.Parse<MachineSubject>(cells[0], ignoreCase: true),
                    new Regex($"^(?:{cells[1]})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Longest),
                    cells[2]
                )),
        ];
}
