using System.Globalization;

namespace NurtureEngine.Host.Demo.World;

/// <summary>Invented companies and the people who work there; every address is of example.com (RFC 2606).</summary>
internal static class DemoPeople
{
    private static readonly string[] Given =
        "Ann Ben Clara David Emma Frank Grace Hugo Ines Jonas Karin Liam Maria Nils Olga Paul Rosa Simon Tess Victor".Split(
            ' '
        );

    private static readonly string[] Family =
        "Adler Brandt Castro Dahl Evans Fischer Garcia Hansen Ivanov Jensen Keller Lindgren Moreau Novak Olsen Price Rossi Schmidt Torres Weber".Split(
            ' '
        );

    private static readonly (string Chinese, string Latin)[] ChineseFamily = Pairs(
        "王|wang 李|li 张|zhang 刘|liu 陈|chen 杨|yang 赵|zhao 黄|huang 周|zhou 吴|wu"
    );

    private static readonly (string Chinese, string Latin)[] ChineseGiven = Pairs(
        "伟|wei 芳|fang 娜|na 敏|min 静|jing 磊|lei 洋|yang 艳|yan 勇|yong 晓明|xiaoming 丽华|lihua 建国|jianguo"
    );

    private static readonly (string Industry, string Chinese)[] Industries =
    [
        ("logistics", "物流"),
        ("insurance", "保险"),
        ("education", "教育"),
        ("payroll", "薪酬"),
        ("healthcare", "医疗"),
        ("retail", "零售"),
    ];

    private static readonly string[] Names =
        "Alder Bracken Cedar Delphi Ember Fennel Garnet Harbour Iris Juniper Kestrel Larch Meridian Nettle Orchard Pine Quarry Rowan Sorrel Tamar".Split(
            ' '
        );

    private static readonly string[] ChineseNames = "云帆 启明 远山 汇川 星禾 博远 青石 嘉木 中科 海澜".Split(' ');

    private static readonly (string Zone, string Country)[] Places =
    [
        ("Europe/Berlin", "DE"),
        ("Europe/London", "GB"),
        ("America/New_York", "US"),
        ("Europe/Paris", "FR"),
        ("Asia/Singapore", "SG"),
    ];

    private static readonly (string Role, string Title, string Chinese)[] Jobs =
    [
        ("DecisionMaker", "Chief Product Officer", "首席产品官"),
        ("User", "Product Manager", "产品经理"),
        ("Influencer", "Head of Data", "数据负责人"),
        ("User", "Customer Success Manager", "客户成功经理"),
        ("Buyer", "Procurement Lead", "采购主管"),
        ("Initiator", "Head of Customer Success", "客户成功负责人"),
        ("Gatekeeper", "IT Security Officer", "信息安全负责人"),
    ];

    private static readonly string[] Forms = [" Group", " Partners", " Systems", " Services", " Works"];

    /// <summary>One company; about a third of them are Chinese. One in ten is T1, one in four T2.</summary>
    public static DemoAccount Account(int index, Random random)
    {
        var isChinese = random.Next(10) < 3;
        var place = isChinese ? ("Asia/Shanghai", "CN") : Places[random.Next(Places.Length)];
        var names = isChinese ? ChineseNames : Names;
        // Each name goes round the industries before it comes again.
        var (industry, chinese) = Industries[index / names.Length % Industries.Length];
        var round = index / names.Length / Industries.Length;
        var form = round == 0 ? "" : Forms[(round - 1) % Forms.Length];
        var tier = random.Next(100) switch
        {
            < 10 => "T1",
            < 35 => "T2",
            _ => "T3",
        };
        int[] sizes = [18, 45, 120, 380, 900, 2600];
        return new DemoAccount(
            string.Create(CultureInfo.InvariantCulture, $"A{index + 1:000}"),
            isChinese
                ? $"{names[index % names.Length]}{chinese}科技"
                : $"{names[index % names.Length]} {CultureInfo.InvariantCulture.TextInfo.ToTitleCase(industry)}{form}",
            isChinese ? chinese : industry,
            sizes[random.Next(sizes.Length)],
            tier,
            place.Item1,
            place.Item2,
            isChinese ? "zh-CN" : "en",
            random.NextDouble() < DemoRates.ScannedAccounts
        );
    }

    /// <summary>One person of a company: the first seven hold a role each, the others begin anew.</summary>
    public static DemoLead Lead(int index, DemoAccount account, int seat, Random random)
    {
        var (role, title, chinese) = Jobs[seat % Jobs.Length];
        string name,
            latin;
        if (account.Language == "zh-CN")
        {
            var family = ChineseFamily[random.Next(ChineseFamily.Length)];
            var given = ChineseGiven[random.Next(ChineseGiven.Length)];
            (name, latin) = (family.Chinese + given.Chinese, $"{given.Latin}.{family.Latin}");
        }
        else
        {
            var (given, family) = (Given[random.Next(Given.Length)], Family[random.Next(Family.Length)]);
            (name, latin) = ($"{given} {family}", $"{given}.{family}".ToLowerInvariant());
        }

        return new DemoLead(
            string.Create(CultureInfo.InvariantCulture, $"L{index + 1:00000}"),
            name,
            string.Create(CultureInfo.InvariantCulture, $"{latin}.{index + 1}@example.com"),
            role,
            account.Language == "zh-CN" ? chinese : title,
            account,
            random.NextDouble(),
            random.NextDouble() >= DemoRates.NoMailbox
        );
    }

    private static (string Chinese, string Latin)[] Pairs(string words) =>
        [.. words.Split(' ').Select(pair => (pair.Split('|')[0], pair.Split('|')[1]))];
}

/// <param name="Id">What the CRM calls it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Industry">What it does.</param>
/// <param name="Size">How many people work there.</param>
/// <param name="Tier">T1, T2 or T3.</param>
/// <param name="Zone">The time zone of its people.</param>
/// <param name="Country">Their country.</param>
/// <param name="Language">What they read.</param>
/// <param name="IsScanned">Whether its mail system opens every link before anybody reads it.</param>
internal sealed record DemoAccount(
    string Id,
    string Name,
    string Industry,
    int Size,
    string Tier,
    string Zone,
    string Country,
    string Language,
    bool IsScanned
);

/// <param name="Id">What the CRM calls them.</param>
/// <param name="Name">Their name.</param>
/// <param name="Email">Their address, of example.com.</param>
/// <param name="Role">The buyer's role.</param>
/// <param name="Title">What is on their card.</param>
/// <param name="Account">Where they work.</param>
/// <param name="Keenness">How much they care, from 0 to 1.</param>
/// <param name="HasMailbox">Whether there is a mailbox at the address.</param>
internal sealed record DemoLead(
    string Id,
    string Name,
    string Email,
    string Role,
    string Title,
    DemoAccount Account,
    double Keenness,
    bool HasMailbox
);
