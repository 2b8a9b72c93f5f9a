using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Intake.Imports;

/// <summary>What a row of a file says of consent: a column of its own, somebody who has opted out elsewhere, or what all of the list have agreed to.</summary>
internal static class ImportConsent
{
    private static readonly string[] Yes =
    [
        "yes",
        "y",
        "true",
        "1",
        "1.0",
        "ja",
        "wahr",
        "oui",
        "vrai",
        "sí",
        "si",
        "verdadero",
        "是",
        "同意",
    ];
    private static readonly string[] Out =
    [
        "x",
        "unsubscribed",
        "opted out",
        "opt-out",
        "optout",
        "out",
        "已退订",
        "退订",
        "拒收",
    ];

    private static readonly string[] NotOut = ["subscribed", "opted in", "opt-in", "-", "未退订", "已订阅"];

    private static readonly string[] No =
    [
        "no",
        "n",
        "false",
        "0",
        "0.0",
        "nein",
        "falsch",
        "non",
        "faux",
        "falso",
        "否",
        "不同意",
    ];

    /// <summary>The consent or refusal; null where the row tells none. What can't be read is a fault; <paramref name="known"/> is since when the row is known (UTC).</summary>
    public static List<Consent>? Of(ImportCells said, ImportOptions options, DateTimeOffset known)
    {
        var given = said[ImportColumns.Consent];
        bool? granted =
            given is null ? (options.ConsentProof is null ? null : true)
            : Yes.Contains(given, StringComparer.OrdinalIgnoreCase) ? true
            : No.Contains(given, StringComparer.OrdinalIgnoreCase) ? false
            : null;
        if (given is not null && granted is null)
        {
            said.Fault(ImportColumns.Consent, $"'{given}' is neither yes nor no.");
        }

        // Who has refused elsewhere has refused, whatever the list as a whole has agreed to, and from now on.
        if (HasOptedOut(said))
        {
            return [new Consent(Channel.Email, Consent.Marketing, false, $"import:{options.Source}", known)];
        }

        var proof = options.ConsentProof ?? $"import:{options.Source}";
        var at = said.Moment(ImportColumns.ConsentAt, options.At);
        // A list says that somebody agreed once: who has said no is not asked to prove when. A refusal counts from when it is told.
        return granted is { } yes
            ? [new Consent(Channel.Email, Consent.Marketing, yes, proof, at ?? (yes ? Consent.Undated : known))]
            : null;
    }

    // What can't be read must not pass for a yes to mail.
    private static bool HasOptedOut(ImportCells said) => said.Refusals.Any(told => IsRefusal(said, told));

    private static bool IsRefusal(ImportCells said, string told)
    {
        if (
            No.Contains(told, StringComparer.OrdinalIgnoreCase)
            || NotOut.Contains(told, StringComparer.OrdinalIgnoreCase)
        )
        {
            return false;
        }

        if (
            !Yes.Contains(told, StringComparer.OrdinalIgnoreCase)
            && !Out.Contains(told, StringComparer.OrdinalIgnoreCase)
        )
        {
            said.Fault(
                ImportColumns.OptOut,
                $"'{told}' is neither yes nor no: whether they have opted out must be known."
            );
        }

        return true;
    }
}
