using System.Collections.Immutable;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>The sequences of stages that teams begin with; a rulebook names one and may go on from there.</summary>
public static class LifeCyclePresets
{
    private const string Aware = "Aware";
    private const string Appeal = "Appeal";
    private const string Ask = "Ask";
    private const string Act = "Act";
    private const string Advocate = "Advocate";

    /// <summary>The stages of each preset, by its name.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<Stage>> All { get; } =
        new Dictionary<string, ImmutableArray<Stage>>(StringComparer.Ordinal)
        {
            ["revenue"] =
            [
                Of("RL", Aware, "marketing", "Contact data of somebody who may buy.", "可能购买者的联系方式。"),
                Of(
                    "MQL",
                    Appeal,
                    "marketing",
                    "A stated need; one or two of BANT are met.",
                    "有明确需求，满足 BANT 中的一到两项。"
                ),
                Of(
                    "SQL",
                    Ask,
                    "sales",
                    "About to buy: sales should follow up; at least three of BANT are met.",
                    "即将采购，应由销售跟进，至少满足 BANT 中的三项。"
                ),
                Of("Rev", Act, "sales", "A contract is signed and paid.", "合同已签并已回款。"),
                Of("Retention", Advocate, "customer success", "Being served, renewing.", "正在服务，持续续约。"),
            ],
            ["ltc"] =
            [
                Of("Lead", Aware, "marketing", "Somebody who may buy.", "可能的买方。"),
                Of("Opportunity", Ask, "sales", "An order is possible and being worked on.", "已有商机，正在跟进。"),
                Of("Contract", Act, "sales", "A contract is signed.", "合同已签订。"),
                Of("Cash", Advocate, "finance", "What was agreed is paid.", "款项已收回。"),
            ],
            ["funnel"] =
            [
                Of("TOFU", Aware, "marketing", "Learning that there is a problem.", "漏斗顶部：意识到问题。"),
                Of("MOFU", Appeal, "marketing", "Weighing ways to solve it.", "漏斗中部：比较解决办法。"),
                Of("BOFU", Ask, "sales", "Choosing whom to buy from.", "漏斗底部：选择供应商。"),
            ],
            ["five-stage"] =
            [
                Of(
                    "Awareness",
                    Aware,
                    "marketing",
                    "Met us by an advertisement, social media or a talk; little interest yet.",
                    "通过广告、社交媒体或演讲认识我们，兴趣不大。"
                ),
                Of(
                    "Consideration",
                    Appeal,
                    "marketing",
                    "Searches, downloads, attends events.",
                    "搜索、下载资料、参加活动。"
                ),
                Of(
                    "Evaluation",
                    Ask,
                    "sales",
                    "Enquires; compares price, quality, features and reputation.",
                    "询价，比较价格、质量、功能和口碑。"
                ),
                Of("Purchase", Act, "sales", "Has decided, or has just bought.", "已决定或刚刚购买。"),
                Of(
                    "Advocacy",
                    Advocate,
                    "customer success",
                    "Loyal: buys again, recommends.",
                    "忠诚客户：复购并推荐。"
                ),
            ],
            ["six-stage"] =
            [
                Of("Know", Aware, "marketing", "Knows our name.", "知道我们。"),
                Of("Curious", Aware, "marketing", "Wants to know more.", "产生好奇。"),
                Of("Understand", Appeal, "marketing", "Knows what we do and for whom.", "了解我们做什么、为谁做。"),
                Of("Like", Ask, "sales", "Prefers us to others.", "在众多选择中偏爱我们。"),
                Of("Buy", Act, "sales", "Has bought.", "已购买。"),
                Of("Recommend", Advocate, "customer success", "Tells others.", "向他人推荐。"),
            ],
            ["partner"] =
            [
                Of("Found", Aware, "channel", "May become a partner.", "可能成为合作伙伴。"),
                Of("Developed", Appeal, "channel", "Is being won over and trained.", "正在发展和培训。"),
                Of("Cooperating", Act, "channel", "Sells with us.", "已开展合作。"),
                Of("Incentivised", Advocate, "channel", "Is given incentives for what it sells.", "按业绩给予激励。"),
            ],
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static Stage Of(string name, string cognition, string owner, string english, string chinese) =>
        new(name, cognition) { Owner = owner, Definition = new LocalisedText(english, chinese) };
}
