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
        Empty = "Nothing is drawn yet",
        Begin =
        [
            "Drag a trigger from the group Triggers to the canvas: it says when a lead enters.",
            "Drag a message beside it, and draw a line from the dot of the trigger to it.",
            "Choose the content below the canvas. What is still missing is listed under Problems.",
        ],
        Example = "Example:",
        Manual = "More in the manual",
        Tour = "Show me around",
        Next = "Next",
        Back = "Back",
        Leave = "Leave the tour",
        Progress = "{{current}} of {{total}}",
        Stops =
        [
            new("steps", "What a track is made of", "Triggers, messages, waits and branches. Drag one to the canvas."),
            new(
                "canvas",
                "The canvas",
                "Leads go from left to right. Draw a line from the dot of a step to the next step."
            ),
            new(
                "settings",
                "One step, or the track",
                "A step's settings are below the canvas, the track's name and description are here. All is saved as you draw."
            ),
            new(
                "problems",
                "What is still wrong",
                "Select a line to go to its step. The help for the selected step is here too."
            ),
            new(
                "try",
                "Try it, then publish",
                "A trial shows each message and decision for a lead and sends nothing. Leads enter once you have published."
            ),
        ],
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
        Empty = "画布为空",
        Begin =
        [
            "从“触发器”分组把一个触发器拖到画布上：它决定线索何时进入。",
            "把一条消息拖到旁边，并从触发器的圆点连线到它。",
            "在画布下方选择内容。尚缺的内容列在右侧“问题”中。",
        ],
        Example = "示例：",
        Manual = "查看手册",
        Tour = "带我看看",
        Next = "下一步",
        Back = "上一步",
        Leave = "退出导览",
        Progress = "{{current}}/{{total}}",
        Stops =
        [
            new("steps", "轨道的组成", "触发器、消息、等待和分支。将其拖到画布上。"),
            new("canvas", "画布", "线索从左向右流动。从步骤的圆点连线到下一个步骤。"),
            new("settings", "步骤与轨道", "步骤的设置在画布下方，轨道的名称和说明在此处。绘制时自动保存。"),
            new("problems", "尚存的问题", "点击一行可定位到对应步骤。所选步骤的帮助也显示在此处。"),
            new(
                "try",
                "先试运行，再发布",
                "试运行会展示线索收到的每条消息和每个决定，不会真正发送。发布后线索才会进入。"
            ),
        ],
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
    public required string Empty { get; init; }
    public required IReadOnlyList<string> Begin { get; init; }
    public required string Example { get; init; }
    public required string Manual { get; init; }
    public required string Tour { get; init; }
    public required string Next { get; init; }
    public required string Back { get; init; }
    public required string Leave { get; init; }
    public required string Progress { get; init; }
    public required IReadOnlyList<TourStop> Stops { get; init; }
    public required string Narrow { get; init; }
    public required string ReadOnly { get; init; }

    public static EditorWords Of(CultureInfo culture) => culture.TwoLetterISOLanguageName == "zh" ? Chinese : English;
}

/// <summary>A stop of the tour.</summary>
/// <param name="At">Which part of the page it shows; the script knows where that is.</param>
/// <param name="Title">What the part is called.</param>
/// <param name="Text">What it is for.</param>
internal sealed record TourStop(string At, string Title, string Text);
