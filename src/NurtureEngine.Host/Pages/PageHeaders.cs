namespace NurtureEngine.Host.Pages;

/// <summary>The headers that keep pages to themselves: no script, style or frame that is not from here, and none in a page's text.</summary>
internal static class PageHeaders
{
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
