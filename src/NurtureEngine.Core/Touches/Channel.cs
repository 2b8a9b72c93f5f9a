namespace NurtureEngine.Core.Touches;

/// <summary>The channels a touch may go by, as they are spelled in content and consents.</summary>
public static class Channel
{
    public const string Email = "email";
    public const string WeChat = "wechat";
}
