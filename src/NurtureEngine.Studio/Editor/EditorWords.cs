using System.Globalization;

namespace NurtureEngine.Studio.Editor;

/// <summary>What the page around the editor says itself.</summary>
internal sealed record EditorWords
{
    private static readonly EditorWords English = new()
    {
        Title = "Designer",
        Watch = "Enrollments",
        Loading = "The designer is loading. The first time takes some seconds.",
        Missing = "The designer's files were not found. Run npm ci beside package.json and start the host again.",
        Failed = "The designer has stopped.",
        Again = "Load it again",
        Problems = "Problems",
        NoProblems = "Nothing is wrong with this track.",
        Fault = "Fault",
        Warning = "Warning",
        Track = "Track",
        Draft = "Draft: what you see is saved and does not run.",
        InForce = "This version is in force.",
        Review = "Review and publish",
        Try = "Try it with a lead",
        Journey = "Write it",
        Narrow = "To draw, a larger screen is needed.",
        ReadOnly = "You may look at this track and not change it.",
    };

    private static readonly EditorWords Chinese = new()
    {
        Title = "设计器",
        Watch = "轨道中的线索",
        Loading = "设计器正在加载，首次打开需要几秒钟。",
        Missing = "未找到设计器文件。请在 package.json 所在目录运行 npm ci，然后重新启动主机。",
        Failed = "设计器已停止运行。",
        Again = "重新加载",
        Problems = "问题",
        NoProblems = "该轨道没有问题。",
        Fault = "错误",
        Warning = "警告",
        Track = "轨道",
        Draft = "草稿：所见内容已保存，但不会运行。",
        InForce = "此版本正在生效。",
        Review = "检查并发布",
        Try = "用线索试运行",
        Journey = "填写",
        Narrow = "绘制需要更大的屏幕。",
        ReadOnly = "您可以查看此轨道，但不能修改。",
    };

    public required string Title { get; init; }
    public required string Watch { get; init; }
    public required string Loading { get; init; }
    public required string Missing { get; init; }
    public required string Failed { get; init; }
    public required string Again { get; init; }
    public required string Problems { get; init; }
    public required string NoProblems { get; init; }
    public required string Fault { get; init; }
    public required string Warning { get; init; }
    public required string Track { get; init; }
    public required string Draft { get; init; }
    public required string InForce { get; init; }
    public required string Review { get; init; }
    public required string Try { get; init; }
    public required string Journey { get; init; }
    public required string Narrow { get; init; }
    public required string ReadOnly { get; init; }

    public static EditorWords Of(CultureInfo culture) => culture.TwoLetterISOLanguageName == "zh" ? Chinese : English;
}
