using System.Text;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Intake.WeChat;
using NurtureEngine.Core.Leads.Consents;

namespace NurtureEngine.Core.Tests.Intake.WeChat;

public sealed class WeChatEventTests
{
    private static readonly string Source = WeChatEvent.SourceOf("wx0123456789abcdef");

    [Theory]
    [InlineData("<Event>subscribe</Event><EventKey>qrscene_fair-2027</EventKey>", "wechat_followed", "fair-2027")]
    [InlineData("<Event>subscribe</Event><EventKey></EventKey>", "wechat_followed", null)]
    [InlineData("<Event>SCAN</Event><EventKey>fair-2027</EventKey>", "wechat_scanned", "fair-2027")]
    [InlineData("<Event>unsubscribe</Event>", "wechat_unfollowed", null)]
    [InlineData("<Event>CLICK</Event><EventKey>prices</EventKey>", "wechat_menu_clicked", "prices")]
    [InlineData(
        "<Event>VIEW</Event><EventKey>https://example.com/a?openid=x#y</EventKey>",
        "wechat_page_viewed",
        "https://example.com/a"
    )]
    public void An_event_of_a_follower_is_an_activity_of_the_lead(string xml, string type, string? name)
    {
        var read = Read($"<MsgType>event</MsgType>{xml}");

        Assert.Equal(($"activity.{type}", name, "wechat"), (read.Type, read.Activity!.Name, read.Activity.Origin));
        Assert.Equal(($"{Source}", "oOne"), (read.Lead.Source, read.Lead.ExternalId));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_710_000_000), read.Stamp.At);
    }

    [Theory]
    [InlineData("text", "<Content>What does it cost? Call 13800138000</Content>", "text")]
    [InlineData("image", "<PicUrl>https://example.com/p</PicUrl>", "image")]
    public void A_message_is_a_reply(string type, string xml, string name)
    {
        var read = Read($"<MsgType>{type}</MsgType>{xml}<MsgId>7</MsgId>");

        Assert.Equal((EventTypes.Replied, name), (read.Type, read.Activity!.Name));
        Assert.Empty(read.Consents);
    }

    [Theory]
    [InlineData("退订")]
    [InlineData(" td ")]
    [InlineData("取消")]
    [InlineData("退订。")]
    [InlineData("ＴＤ！")]
    public void A_word_of_refusal_withdraws_the_consent_and_is_no_reply(string said)
    {
        var read = Read($"<MsgType>text</MsgType><Content>{said}</Content><MsgId>7</MsgId>");

        Assert.Equal(EventTypes.WeChatOptedOut, read.Type);
        var consent = Assert.Single(read.Consents);
        Assert.Equal(("wechat", Consent.Marketing, false), (consent.Channel, consent.Purpose, consent.Granted));
        Assert.Equal(EventTypes.Replied, Read("<MsgType>text</MsgType><Content>取消订单怎么办</Content>").Type);
    }

    [Fact]
    public void A_name_is_cut_between_two_signs()
    {
        var name = Read($"<MsgType>event</MsgType><Event>CLICK</Event><EventKey>{new string('x', 199)}😀</EventKey>");

        Assert.Equal(new string('x', 199), name.Activity!.Name);
    }

    [Fact]
    public void What_is_not_applied_yet_is_kept_under_its_own_name()
    {
        Assert.Equal(
            "wechat.templatesendjobfinish",
            Read("<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>9</MsgID>").Type
        );
        Assert.Equal("wechat.unknown", Read("<MsgType>event</MsgType><Event>a b</Event>").Type);
    }

    [Fact]
    public void Two_events_of_one_second_are_two_and_a_repeat_is_none()
    {
        var click = Push("<MsgType>event</MsgType><Event>CLICK</Event><EventKey>a</EventKey>");
        var other = Push("<MsgType>event</MsgType><Event>CLICK</Event><EventKey>b</EventKey>");
        var message = Push("<MsgType>text</MsgType><Content>Hello</Content><MsgId>23456789012345678</MsgId>");

        Assert.NotEqual(click.EventId, other.EventId);
        Assert.Equal(click.EventId, Push("<MsgType>event</MsgType><Event>CLICK</Event><EventKey>a</EventKey>").EventId);
        Assert.Equal("message:23456789012345678", message.EventId);
    }

    [Fact]
    public void Where_somebody_is_is_not_kept()
    {
        var kept = Encoding.UTF8.GetString(
            Push(
                    "<MsgType>location</MsgType><Location_X>31.2</Location_X><Location_Y>121.4</Location_Y><Label>路 1</Label><MsgId>7</MsgId><SendLocationInfo><label>路 1</label></SendLocationInfo><More><Poiname>路 1</Poiname></More>"
                )
                .ToBody()
        );

        Assert.DoesNotContain("31.2", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("路", kept, StringComparison.Ordinal);
        Assert.Contains("<MsgId>7</MsgId>", kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<xml><FromUserName>o</FromUserName>")]
    [InlineData("<!DOCTYPE xml [<!ENTITY x \"y\">]><xml><FromUserName>&x;</FromUserName></xml>")]
    [InlineData("{\"errcode\":0}")]
    [InlineData(
        "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a>"
    )]
    public void What_is_no_push_is_not_read(string xml) => Assert.Null(WeChatPush.TryRead(xml));

    [Theory]
    [InlineData("<CreateTime>1710000000</CreateTime><MsgType>text</MsgType>")]
    [InlineData("<FromUserName>o</FromUserName><MsgType>text</MsgType>")]
    [InlineData("<FromUserName>o</FromUserName><CreateTime>soon</CreateTime><MsgType>text</MsgType>")]
    [InlineData("<FromUserName>o</FromUserName><CreateTime>1710000000</CreateTime>")]
    [InlineData("<FromUserName>o</FromUserName><CreateTime>1710000000</CreateTime><MsgType>event</MsgType>")]
    public void A_push_says_who_when_and_what(string xml) =>
        Assert.False(WeChatPush.TryRead($"<xml>{xml}</xml>")!.IsWhole);

    private static WeChatPush Push(string xml) =>
        WeChatPush.TryRead(
            $"<xml><ToUserName>gh</ToUserName><FromUserName>oOne</FromUserName><CreateTime>1710000000</CreateTime>{xml}</xml>"
        )!;

    private static CrmEvent Read(string xml) => WeChatEvent.Read(Source, Push(xml).ToBody());
}
