namespace NurtureEngine.Core.Tracks;

/// <summary>
/// Why a step is there: the sentence that joins the five elements of the customer's journey. Content and channel are the step's own.
/// </summary>
/// <param name="Stage">The sales stage at which it meets the lead, by the rulebook's name.</param>
/// <param name="Cognition">The stage of the buyer's cognition (5A) that goes with it.</param>
/// <param name="Segment">Whom it is for.</param>
/// <param name="Thinks">What the lead then thinks.</param>
/// <param name="Feels">What the lead then feels.</param>
/// <param name="Does">The call to action: what the lead does.</param>
/// <param name="To">The sales stage that this moves them to.</param>
public sealed record Journey(
    string Stage,
    string Cognition,
    LocalisedText Segment,
    LocalisedText Thinks,
    LocalisedText Feels,
    LocalisedText Does,
    string To
)
{
    /// <summary>The channel of what the engine sends by mail.</summary>
    public static LocalisedText ByMail { get; } = new("e-mail", "邮件");

    /// <summary>The channel of what a colleague does.</summary>
    public static LocalisedText ByPerson { get; } = new("a person", "人工");

    /// <summary>The sentence, of a step that brings such a content (or none, such as a call) over such a channel.</summary>
    public LocalisedText Sentence(LocalisedText content, LocalisedText channel) =>
        new(
            $"At sales stage {Stage}, which is cognition stage {Cognition}, {content.English} reaches {Segment.English} over {channel.English}; the lead then thinks “{Thinks.English}”, feels {Feels.English}, and so {Does.English}, {(To == Stage ? "and comes a step further within the stage" : $"which moves them to stage {To}")}.",
            $"在销售阶段 {Stage}（认知阶段 {Cognition}），{content.Chinese}通过{channel.Chinese}触达{Segment.Chinese}；线索会想“{Thinks.Chinese}”，感到{Feels.Chinese}，于是{Does.Chinese}，{(To == Stage ? "在该阶段更进一步" : $"从而进入 {To} 阶段")}。"
        );
}
