using System.Collections.Frozen;

namespace NurtureEngine.Core.Diagnostics;

/// <summary>What the stable codes of verdicts, exits and answers mean to people. <c>{0}</c> is the code's argument.</summary>
public static class CodeSentences
{
    private static readonly FrozenDictionary<string, LocalisedText> Sentences = new Dictionary<string, LocalisedText>
    {
        ["address.missing"] = new("There is no address to write to.", "没有可用的邮箱地址。"),
        ["address.suppressed"] = new("The address is on the suppression list: {0}.", "该地址在禁发名单中：{0}。"),
        ["address.unusable"] = new("The address can't be written to.", "该地址无法投递。"),
        ["approval.expired"] = new("Nobody approved it in time.", "审批超时。"),
        ["approval.given"] = new("A person has approved it.", "已有人审批通过。"),
        ["approval.refused"] = new("A person has returned it: {0}.", "审批被退回：{0}。"),
        ["audience.not_met"] = new("The lead is not of the track's audience.", "线索不属于该轨道的受众。"),
        ["branch.given_up"] = new("Another branch of the track was faster.", "轨道的另一分支先完成。"),
        ["cadence.cap"] = new(
            "The lead, or their company, has had as much as is allowed: {0}.",
            "触达次数已达上限：{0}。"
        ),
        ["cadence.day_off"] = new("It is no working day there: {0}.", "对方当地不是工作日：{0}。"),
        ["cadence.gap"] = new("The last message was too short a time ago: {0}.", "距上一条消息间隔太短：{0}。"),
        ["cadence.never"] = new("The rules leave no moment at which it may go.", "规则之下没有可发送的时间。"),
        ["cadence.one_voice"] = new("Another track speaks to the lead now: {0}.", "目前由其他轨道与该线索沟通：{0}。"),
        ["cadence.quiet_hours"] = new("These are quiet hours there: {0}.", "对方处于免打扰时段：{0}。"),
        ["cadence.slot"] = new("It waits for the track's next slot: {0}.", "等待轨道的下一个发送时段：{0}。"),
        ["channel.accepted"] = new("It has left.", "已发出。"),
        ["channel.attempts_exhausted"] = new("All attempts have failed.", "多次尝试均失败。"),
        ["channel.deferred"] = new("The mail server wants it later: {0}.", "邮件服务器要求稍后再试：{0}。"),
        ["channel.rejected"] = new("The mail server has refused it: {0}.", "邮件服务器拒收：{0}。"),
        ["channel.uncertain"] = new("Whether it left is not known.", "是否发出不能确定。"),
        ["consent.missing"] = new("The lead has not agreed to this.", "线索尚未同意接收。"),
        ["consent.withdrawn"] = new("The lead has withdrawn their consent.", "线索已撤回同意。"),
        ["content.missing"] = new("The content {0} is not there.", "内容 {0} 不存在。"),
        ["content.received"] = new("The lead has had this content before.", "线索已收到过该内容。"),
        ["content.renewed"] = new("It goes with the current version of its content.", "改用内容的当前版本。"),
        ["content.unusable"] = new(
            "The stored version of its content can't be used any more, and it waits.",
            "所存的内容版本已不可用，等待处理。"
        ),
        ["content.value_missing"] = new(
            "The value {0} is missing, and the content has no words without it.",
            "缺少 {0} 的值，内容无法填写。"
        ),
        ["enrollment.completed"] = new("The track ran to its end.", "轨道已走完。"),
        ["enrollment.over"] = new("The track ended before it was due.", "到期之前轨道已结束。"),
        ["enrollment.paused"] = new("The track is paused for the lead.", "该线索的轨道已暂停。"),
        ["enrollment.resumed"] = new("The track goes on.", "轨道已恢复。"),
        ["exit.condition"] = new("The track's exit condition holds.", "满足轨道的退出条件。"),
        ["goal.reached"] = new("The track's goal is reached.", "目标已达成。"),
        ["lane.occupied"] = new(
            "Another track of the same exclusive group has the lead: {0}.",
            "同一互斥组的其他轨道正在跟进：{0}。"
        ),
        ["lane.taken"] = new(
            "The lead moved to a higher-priority track of the same exclusive group.",
            "线索已转入同一互斥组中优先级更高的轨道。"
        ),
        ["lead.complained"] = new("The lead has complained.", "线索投诉了邮件。"),
        ["lead.deleted"] = new("The CRM has deleted the lead.", "CRM 已删除该线索。"),
        ["lead.handed_off"] = new("The lead was handed to sales.", "线索已转交销售。"),
        ["lead.merged"] = new("The lead was merged into another one.", "线索已合并到另一条。"),
        ["lead.replied"] = new("The lead has replied.", "线索已回复。"),
        ["lead.unsubscribed"] = new("The lead has unsubscribed.", "线索已退订。"),
        ["person.removed"] = new("A person took the lead out of the track: {0}.", "有人将线索移出轨道：{0}。"),
        ["person.skipped"] = new("A person moved the lead on to a later step.", "有人将线索移到了后面的步骤。"),
        ["priority.behind"] = new(
            "Something more urgent for the same person or company leaves first.",
            "同一联系人或公司有更紧急的内容先发送。"
        ),
        ["sending.stopped"] = new("All sending is stopped.", "所有发送已被紧急停止。"),
        ["stage.advanced"] = new("The lead moved on to a later stage.", "线索进入了后续阶段。"),
        ["stage.regressed"] = new("The lead fell back to an earlier stage.", "线索退回到较早阶段。"),
        ["stage.left"] = new("The lead has come to a stage at which the track ends.", "线索进入了轨道的退出阶段。"),
        ["tier.approval_needed"] = new("The account's tier requires a person's approval.", "该客户层级需要人工审批。"),
        ["tier.people_only"] = new(
            "Accounts of this tier are written to by people only: it is a draft and a task.",
            "该层级客户只由人工联系：已生成草稿和任务。"
        ),
        ["time.over"] = new("The track's time limit is over.", "轨道时限已到。"),
        ["track.completed"] = new("The track has ended.", "轨道已结束。"),
        ["track.exited"] = new("The track sent the lead out: {0}.", "轨道让线索退出：{0}。"),
        ["track.moved"] = new("The lead went on to the track {0}.", "线索转入轨道 {0}。"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The sentence; the code itself, with its argument, where there is none.</summary>
    public static LocalisedText Of(string code, string? argument)
    {
        if (!Sentences.TryGetValue(code, out var sentence))
        {
            var plain = argument is null ? code : $"{code} {argument}";
            return new LocalisedText(plain, plain);
        }

        return new LocalisedText(Filled(sentence.English, argument), Filled(sentence.Chinese, argument));
    }

    private static string Filled(string sentence, string? argument) =>
        string.IsNullOrEmpty(argument)
            ? sentence
                .Replace(": {0}", "", StringComparison.Ordinal)
                .Replace("：{0}", "", StringComparison.Ordinal)
                .Replace(" {0}", "", StringComparison.Ordinal)
            : sentence.Replace("{0}", argument.TrimEnd('.', '。'), StringComparison.Ordinal);
}
