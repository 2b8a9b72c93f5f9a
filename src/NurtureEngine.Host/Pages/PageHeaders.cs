namespace NurtureEngine.Host.Pages;

/// <summary>The headers that keep pages to themselves: no script, style or frame that is not from here, and none in a page's text.</summary>
internal static class PageHeaders
{
    // The scripts that Elsa Studio's editor and its list of instances write into the page themselves: they take keys such as Ctrl+S.
    private const string EditorScript = "snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc=";
    private const string ListScript = "vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts=";

    /// <summary>Elsa Studio is WebAssembly, writes styles into the page, and is shown in a frame of the console.</summary>
    public static HeaderPolicyCollection Designer { get; } =
        new HeaderPolicyCollection()
            .AddFrameOptionsSameOrigin()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyStrictOriginWhenCrossOrigin()
            .AddContentSecurityPolicy(policy =>
            {
                policy.AddDefaultSrc().None();
                policy.AddScriptSrc().Self().WasmUnsafeEval().WithHash256(EditorScript).WithHash256(ListScript);
                policy.AddStyleSrc().Self().UnsafeInline();
                policy.AddImgSrc().Self().Data();
                policy.AddFontSrc().Self().Data();
                policy.AddConnectSrc().Self();
                policy.AddWorkerSrc().Self().Blob();
                policy.AddFormAction().Self();
                policy.AddBaseUri().Self();
                policy.AddFrameAncestors().Self();
            });

    public static HeaderPolicyCollection All { get; } =
        new HeaderPolicyCollection()
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyStrictOriginWhenCrossOrigin()
            .AddCrossOriginOpenerPolicy(builder => builder.SameOrigin())
            .AddContentSecurityPolicy(policy =>
            {
                policy.AddDefaultSrc().None();
                policy.AddScriptSrc().Self();
                policy.AddStyleSrc().Self();
                policy.AddImgSrc().Self().Data();
                policy.AddConnectSrc().Self();
                policy.AddFormAction().Self();
                policy.AddFrameSrc().Self();
                policy.AddBaseUri().Self();
                policy.AddFrameAncestors().None();
            });
}
