using System.Globalization;

namespace NurtureEngine.Studio.Editor;

/// <summary>What the page around the editor says itself.</summary>
internal sealed record EditorWords(string Title, string Loading, string Missing, string Failed, string Again)
{
    private static readonly EditorWords English = new(
        "Designer",
        "The designer is loading. The first time takes some seconds.",
        "The designer's files were not found. Run npm ci beside package.json and start the host again.",
        "The designer has stopped.",
        "Load it again"
    );

    private static readonly EditorWords Chinese = new(
        "设计器",
        "设计器正在加载，首次打开需要几秒钟。",
        "未找到设计器文件。请在 package.json 所在目录运行 npm ci，然后重新启动主机。",
        "设计器已停止运行。",
        "重新加载"
    );

    public static EditorWords Of(CultureInfo culture) => culture.TwoLetterISOLanguageName == "zh" ? Chinese : English;
}
