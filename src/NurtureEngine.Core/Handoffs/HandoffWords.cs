namespace NurtureEngine.Core.Handoffs;

/// <summary>The labels of a brief.</summary>
internal sealed record HandoffWords
{
    public required string Language { get; init; }
    public required string Subject { get; init; }
    public required string Name { get; init; }
    public required string Title { get; init; }
    public required string Role { get; init; }
    public required string Email { get; init; }
    public required string Phone { get; init; }
    public required string Company { get; init; }
    public required string Industry { get; init; }
    public required string Size { get; init; }
    public required string Tier { get; init; }
    public required string Reason { get; init; }
    public required string Stage { get; init; }
    public required string Score { get; init; }
    public required string Open { get; init; }
    public required string Owner { get; init; }
    public required string Track { get; init; }
    public required string Handoff { get; init; }

    private static HandoffWords English { get; } =
        new()
        {
            Language = "en",
            Subject = "A lead for you",
            Name = "Name",
            Title = "Title",
            Role = "Role",
            Email = "E-mail",
            Phone = "Phone",
            Company = "Company",
            Industry = "Industry",
            Size = "Size",
            Tier = "Tier",
            Reason = "Why now",
            Stage = "Stage",
            Score = "Score",
            Open = "not known yet",
            Owner = "Owner",
            Track = "Track",
            Handoff = "Hand-off",
        };

    private static HandoffWords Chinese { get; } =
        new()
        {
            Language = "zh-CN",
            Subject = "新线索转交给您",
            Name = "姓名",
            Title = "职位",
            Role = "角色",
            Email = "邮箱",
            Phone = "电话",
            Company = "公司",
            Industry = "行业",
            Size = "规模",
            Tier = "级别",
            Reason = "转交原因",
            Stage = "阶段",
            Score = "评分",
            Open = "尚不清楚",
            Owner = "负责人",
            Track = "培育轨道",
            Handoff = "转交编号",
        };

    /// <summary>The labels of a language, an IETF tag; English for those that there are none of.</summary>
    public static HandoffWords In(string language) =>
        language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;
}
