using System.Collections.Frozen;
using System.Globalization;

namespace NurtureEngine.Core.Tracks.Reviews;

/// <summary>What the findings mean to people.</summary>
internal static class ReviewSentences
{
    private static readonly FrozenDictionary<string, LocalisedText> Sentences = new Dictionary<string, LocalisedText>
    {
        ["review.no_time_limit"] = new(
            "The track has no time limit: a lead could stay in it for ever.",
            "轨道没有时间上限：线索可能永远停留其中。"
        ),
        ["review.no_successor"] = new(
            "No track follows: at the end, leads are nurtured no more.",
            "没有后续轨道：结束后线索不再得到培育。"
        ),
        ["review.no_slot"] = new(
            "The track has no fixed send time, so its messages can't become a habit.",
            "轨道没有固定发送时间，难以让读者形成习惯。"
        ),
        ["review.no_roles"] = new(
            "All roles get the same: no branch by role, and this kind of track is chosen by role.",
            "所有角色收到相同内容：没有按角色分支，而此类轨道应按角色选择内容。"
        ),
        ["review.rival"] = new(
            "The track {0} starts by the same event, in the same exclusive group and with the same or a higher priority. A lead enters one of them; at the same priority it is the older track.",
            "轨道 {0} 由相同事件启动，属于同一互斥组，且优先级相同或更高。线索只进入其中一个；优先级相同时进入较早建立的轨道。"
        ),
        ["review.trials"] = new(
            "{0} of {1} test leads go as expected; another way goes: {2}.",
            "{1} 条测试线索中有 {0} 条符合预期；走向不同的有：{2}。"
        ),
        ["review.no_journey"] = new(
            "The step does not say why it is there (its journey sentence is empty).",
            "该步骤未说明目的（旅程语句为空）。"
        ),
        ["review.no_language"] = new(
            "The content {0} has no text in {1}: leads of that language get another one.",
            "内容 {0} 没有 {1} 版本：该语言的线索会收到其他语言。"
        ),
        ["review.other_role"] = new(
            "The content {0} is not written for {1}, who come here alone.",
            "内容 {0} 不是为 {1} 编写的，而此处只有该角色到达。"
        ),
        ["review.no_action"] = new("The content {0} names no call to action.", "内容 {0} 没有注明行动号召。"),
        ["review.several_actions"] = new(
            "The content {0} has more than one button; readers follow one call to action.",
            "内容 {0} 有多个按钮；一封内容只应有一个行动号召。"
        ),
        ["review.dead_link"] = new(
            "A link in the content {0} does not work: {1} ({2}).",
            "内容 {0} 中的链接无法打开：{1}（{2}）。"
        ),
        ["review.sample_link"] = new(
            "A link in the content {0} is a sample that was not replaced: {1}.",
            "内容 {0} 中的链接是未替换的示例：{1}。"
        ),
        ["review.calls"] = new(
            "Up to {0} calls a day would be asked for; the team makes {1}.",
            "每天最多会产生 {0} 个电话任务；团队每天只能完成 {1} 个。"
        ),
        ["review.approvals"] = new(
            "Up to {0} approvals a day would be asked for; the team gives {1}.",
            "每天最多会产生 {0} 个审批；团队每天只能完成 {1} 个。"
        ),
    }.ToFrozenDictionary();

    /// <summary>The codes of all findings.</summary>
    public static IEnumerable<string> Codes => Sentences.Keys;

    public static LocalisedText Of(ReviewFinding finding)
    {
        var sentence = Sentences[finding.Code];
        return new LocalisedText(
            string.Format(CultureInfo.InvariantCulture, sentence.English, finding.Arguments),
            string.Format(CultureInfo.InvariantCulture, sentence.Chinese, finding.Arguments)
        );
    }
}
