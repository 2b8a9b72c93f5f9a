using System.Globalization;
using NurtureEngine.Core;
using NurtureEngine.Core.Tracks.Drafts;

namespace NurtureEngine.Studio.Saving;

/// <summary>Why a save or another change is refused, in the reader's language.</summary>
internal static class SaveSentences
{
    public static string TooLong =>
        In(
            new(
                $"The definition is longer than {ModelBody.Most / 1024} KB; nothing was saved.",
                $"定义超过 {ModelBody.Most / 1024} KB，未保存。"
            )
        );

    public static string NoModel =>
        In(
            new(
                "This is no workflow definition: expected an object with 'root', a flowchart of activities.",
                "这不是工作流定义：应为包含 root（活动流程图）的对象。"
            )
        );

    public static string OnlyFlowcharts =>
        In(
            new(
                "A track is a flowchart; expected a root of type 'Elsa.Flowchart'.",
                "轨道必须是流程图（Elsa.Flowchart）。"
            )
        );

    public static string NoName => In(new("The track has no name.", "轨道没有名称。"));

    public static string IdTooLong =>
        In(new("The definitionId has more than 200 characters.", "definitionId 超过 200 个字符。"));

    public static string Malformed(string place) =>
        In(
            new(
                $"The definition has another form than Elsa's at '{place}': expected objects and lists of objects, activities with a text as 'id' and 'type', and connections with 'source' and 'target'.",
                $"定义在“{place}”处的形式不符合 Elsa：应为对象及对象列表，活动须有文本 id 与 type，连线须有 source 与 target。"
            )
        );

    public static string LookOnly =>
        In(
            new(
                "Enrollments are looked at here. A lead is paused, or taken out of a track, by its stage, its page or the API.",
                "此处只能查看。线索的暂停或退出请通过阶段、线索页面或 API 进行。"
            )
        );

    public static string NotThere(string what) => In(new($"'{what}' is not there.", $"“{what}”不存在。"));

    public static string KeepsHistory =>
        In(
            new(
                "A published version is kept: leads are in it, and reports rest on it. A track can be taken out of force instead.",
                "已发布的版本会保留：其中有线索，报表也依赖它。可以改为取消发布。"
            )
        );

    public static string Busy =>
        In(new("Others are saving this track at the moment. Save again.", "其他人正在保存此轨道，请再次保存。"));

    public static string HasDraft(string definitionId, string author) =>
        In(
            new(
                $"Not imported: the track '{definitionId}' has a draft of {author}. Publish or discard it first.",
                $"未导入：轨道“{definitionId}”已有 {author} 的草稿。请先发布或丢弃。"
            )
        );

    public static string Needed(IEnumerable<string> by)
    {
        var names = string.Join(", ", by);
        return In(
            new(
                $"Other tracks send leads to this one, so it stays in force: {names}.",
                $"其他轨道会把线索转到这里，因此不能取消发布：{names}。"
            )
        );
    }

    public static string Of(SaveRefusal refusal, TrackDraft? draft) =>
        In(
            refusal switch
            {
                SaveRefusal.SavedByOther => new(
                    $"Not saved: {draft?.SavedBy} has saved this draft in the meantime. Load it again, or keep yours with \"Save as\".",
                    $"未保存：{draft?.SavedBy} 已保存过此草稿。请重新加载，或用“另存为”保留您的版本。"
                ),
                SaveRefusal.PublishedSince => new(
                    "Not saved: another version was published in the meantime. Load it again, or keep yours with \"Save as\".",
                    "未保存：期间已发布了其他版本。请重新加载，或用“另存为”保留您的版本。"
                ),
                SaveRefusal.DraftGone => new(
                    "Not saved: the draft was published or discarded in the meantime. Load it again, or keep yours with \"Save as\".",
                    "未保存：草稿已被发布或丢弃。请重新加载，或用“另存为”保留您的版本。"
                ),
                _ => new(
                    "Not saved: there is a track of this id already, and the request does not say which version of it was seen.",
                    "未保存：已存在相同 ID 的轨道，且请求未注明所依据的版本。"
                ),
            }
        );

    public static string Of(DraftLoss loss) =>
        In(
            loss.IsEmptied
                ? new(
                    "Not saved: no step would be left. To start anew, discard the draft or make another track.",
                    "未保存：保存后将没有任何步骤。如需重来，请丢弃草稿或新建轨道。"
                )
                : new(
                    $"Not saved: steps of unknown types would be lost: {string.Join(", ", loss.Dropped)}. Replace them in the file and import it.",
                    $"未保存：未知类型的步骤会丢失：{string.Join("、", loss.Dropped)}。请在文件中替换后再导入。"
                )
        );

    public static string Of(PublishOutcome outcome) =>
        In(
            outcome switch
            {
                PublishOutcome.NoDraft => new("There is nothing to publish.", "没有可发布的内容。"),
                PublishOutcome.Overtaken => new(
                    "Not published: the draft was saved, or another version published, in the meantime.",
                    "未发布：期间草稿已被保存，或已发布其他版本。"
                ),
                PublishOutcome.NeedsOther => new(
                    "Not published: someone must publish it who has not drawn it.",
                    "未发布：须由未参与编辑的人发布。"
                ),
                PublishOutcome.Stranding => new(
                    "Not published: leads that were to move stand at steps that the new version does not have. They must stay in theirs.",
                    "未发布：要迁移的线索所在步骤在新版本中不存在，必须留在原版本。"
                ),
                PublishOutcome.NeedsConsent => new(
                    "Not published: read the warnings and accept them under \"Review and publish\".",
                    "未发布：请在“检查并发布”中阅读并接受警告。"
                ),
                _ => new("Not published: correct what is wrong first.", "未发布：请先修正错误。"),
            }
        );

    /// <summary>A text in the reader's language.</summary>
    public static string In(LocalisedText text) => text.In(CultureInfo.CurrentUICulture);
}
