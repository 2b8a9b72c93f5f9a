using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Options;
using NurtureEngine.Channels.WeChat;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Intake.WeChat;
using NurtureEngine.Core.Leads;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.WeChat;

namespace NurtureEngine.Host.WeChat;

/// <summary>Imports the existing followers of an account, page by page. They become leads, and start no track.</summary>
internal sealed class FollowerImporter(
    FollowerImportStore store,
    AccessTokens tokens,
    WeChatClient client,
    InboxStore inbox,
    WorkSignal signal,
    IOptions<NurtureOptions> options,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
)
{
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    /// <summary>Reads the next page; false if there is none, or it can't be read now.</summary>
    public async Task<bool> ReadPageAsync(string account, CancellationToken cancellationToken)
    {
        var source = WeChatEvent.SourceOf(options.Value.WeChat.Accounts[account].AppId);
        var state = (await store.ListAsync([source], cancellationToken)).SingleOrDefault();
        if (state is { IsFinished: true } or { IsPaused: true })
        {
            return false;
        }

        var after = state?.NextOpenid ?? "";
        var page = await tokens.CallAsync(
            account,
            token =>
                client.ListFollowersAsync(
                    new Uri(options.Value.WeChat.ApiUrl),
                    source,
                    token.Value,
                    after,
                    cancellationToken
                ),
            answer => answer.Fault,
            cancellationToken
        );
        if (page is null)
        {
            return false;
        }

        if (page.Fault is { } fault)
        {
            await store.FailAsync(source, fault.Text, fault.IsOfAccount ? Long : Short, cancellationToken);
            return false;
        }

        // Stored before the mark moves: storing a page twice changes nothing.
        var now = business.GetUtcNow();
        await inbox.AppendAllAsync(
            [.. page.OpenIds.Distinct().Select(openId => EventOf(source, openId, now))],
            now,
            cancellationToken
        );
        Waypoints.Pass("followers.stored");
        // The last page has a next_openid, too; the page after it is empty.
        var isLast = page.OpenIds.Count == 0 || page.Next.Length == 0;
        await store.MoveAsync(source, after, page.Next, page.OpenIds.Count, page.Total, isLast, cancellationToken);
        signal.Raise();
        return !isLast;
    }

    private static IncomingEvent EventOf(string source, string openId, DateTimeOffset now)
    {
        var body = new XElement(
            "xml",
            new XElement("FromUserName", openId),
            new XElement("CreateTime", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new XElement("MsgType", "event"),
            new XElement("Event", WeChatEvent.Follower)
        );
        return new IncomingEvent(
            source,
            $"{WeChatEvent.Follower}:{openId}",
            Lanes.Of(new ExternalKey(source, openId)),
            EventTypes.Updated,
            Encoding.UTF8.GetBytes(body.ToString(SaveOptions.DisableFormatting))
        );
    }
}
