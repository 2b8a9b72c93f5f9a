namespace NurtureEngine.Host.Demo.World;

/// <summary>
/// How the invented people of a demo behave: rates of the size that B2B teams commonly report, so that its tables look like theirs. They are made up and
/// measure nothing.
/// </summary>
internal static class DemoRates
{
    /// <summary>Of leads who come during the play, those who become marketing qualified: 15 % of all raw leads, since the sleeping ones never do.</summary>
    public const double Mql = 0.175;

    /// <summary>Of the marketing qualified, those whom sales meets without a hand-off.</summary>
    public const double Met = 0.22;

    /// <summary>Of the sales qualified, those who sign.</summary>
    public const double Signs = 0.2;

    /// <summary>Of leads, those who agreed to get e-mail.</summary>
    public const double Consents = 0.93;

    /// <summary>Of addresses, those without a mailbox.</summary>
    public const double NoMailbox = 0.02;

    /// <summary>Of accounts, those whose mail system opens every link.</summary>
    public const double ScannedAccounts = 0.12;

    /// <summary>Of e-mails, those that meet a full mailbox.</summary>
    public const double FullMailbox = 0.004;

    /// <summary>Of e-mails, those that an out-of-office note answers.</summary>
    public const double AutoReplies = 0.02;

    /// <summary>Of e-mails, those after which the reader complains.</summary>
    public const double Complains = 0.001;

    /// <summary>Of e-mails, those after which the reader unsubscribes.</summary>
    public const double Unsubscribes = 0.003;

    /// <summary>Of e-mails, those that are opened: a quarter on average.</summary>
    public static double Opens(DemoLead lead) => 0.105 + 0.29 * lead.Keenness;

    /// <summary>Of opened e-mails, those in which a link is followed: about four of a hundred e-mails that have one, three of all, and far more of the keenest.</summary>
    public static double Clicks(DemoLead lead) => 0.02 + 0.65 * Math.Pow(lead.Keenness, 6);

    /// <summary>Of opened e-mails, those that are answered.</summary>
    public static double Replies(DemoLead lead) => 0.005 + 0.1 * Math.Pow(lead.Keenness, 6);

    /// <summary>What the demo says of them before anything else.</summary>
    public const string Notice =
        "Everything here is invented: the company, its leads, and how they behave (a quarter of the e-mails is opened, 3 % are clicked, 15 % of raw leads become MQL, 20 % of SQLs sign). It shows how the engine works, not what your tracks will achieve.";
}
