using System.Text;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Contents;
using NurtureEngine.IntegrationTests.Api;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>Messages as they go over the wire: against approved files, and read by a parser that is not ours.</summary>
public sealed class MimeTests
{
    private static readonly ListMarks Marks = new(
        "https://go.example.com/u/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "unsubscribe@bounce.example.com?subject=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "<welcome.bounce.example.com>",
        "welcome:welcome-hello:marketing:ne0123456789"
    );

    [Theory]
    [InlineData("chinese")]
    [InlineData("english")]
    [InlineData("service")]
    public async Task A_message_is_the_approved_one(string name)
    {
        var message = MimeMessage.Compose(Named(name));
        var file = Path.Combine(Repository.Root, "tests/NurtureEngine.IntegrationTests/Email/Approved", $"{name}.eml");
        var approved = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
        var text = Encoding.UTF8.GetString(message.Bytes);
        // The repository keeps line ends of its own; that those of the message are CRLF is asserted apart.
        if (text.ReplaceLineEndings("\n") != approved.ReplaceLineEndings("\n"))
        {
            await File.WriteAllTextAsync(
                file.Replace(".eml", ".received.eml", StringComparison.Ordinal),
                text.ReplaceLineEndings("\n")
            );
        }

        Assert.Equal(approved.ReplaceLineEndings("\n"), text.ReplaceLineEndings("\n"));
        Assert.Equal(text.Count(c => c == '\n'), text.Split("\r\n").Length - 1);
        // But for an address, which can't be folded.
        Assert.All(
            text.Split("\r\n")
                .Where(line =>
                    !line.Contains("/u/", StringComparison.Ordinal)
                    && !line.Contains("mailto:", StringComparison.Ordinal)
                ),
            line => Assert.InRange(line.Length, 0, 78)
        );
        Assert.All(text, c => Assert.True(char.IsAscii(c)));
    }

    [Theory]
    [InlineData("Short")]
    [InlineData(
        "A subject that goes on and on, as those of some people do, until it has to be folded at least once or twice"
    )]
    [InlineData("  blanks at the ends ")]
    [InlineData(
        "two  blanks,   three, and a fold somewhere in the  middle of the   line where blanks  are lost easily"
    )]
    [InlineData(
        "Averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongword"
    )]
    [InlineData("=?UTF-8?B?bm8=?= is what somebody wrote")]
    [InlineData(
        "客户究竟怎样使用产品，而您又能早些看到什么：一篇短文和一个案例，都只要一分钟，欢迎随时回复这封邮件告诉我们您的想法"
    )]
    [InlineData("👩‍💻 and 𝒳 beyond the first plane — “quoted”")]
    [InlineData("")]
    public async Task A_subject_is_read_as_it_was_meant(string subject)
    {
        var letter = Letters.To("ann@example.com");
        var message = MimeMessage.Compose(letter with { Email = letter.Email with { Subject = subject } });
        var read = await MessageTests.ParseAsync(message.Bytes);

        Assert.Equal(subject, read["subject"]!.GetValue<string>());
        Assert.All(message.Headers.Split("\r\n"), line => Assert.InRange(line.Length, 0, 76));
    }

    [Theory]
    [InlineData("Nadia \"the\" Northwind \\ Co.", "nadia@northwind.example")]
    [InlineData("王小明（销售）", "wang@northwind.example")]
    [InlineData(
        "A name so long that it does not fit into one line together with the address behind it, nor alone",
        "long.address.of.somebody@northwind.example"
    )]
    [InlineData("", "bare@northwind.example")]
    public async Task A_sender_is_read_as_meant(string name, string address)
    {
        var letter = Letters.To("ann@example.com");
        var message = MimeMessage.Compose(
            letter with
            {
                Sender = letter.Sender with { Name = name, Address = address },
            }
        );
        var read = await MessageTests.ParseAsync(message.Bytes);

        Assert.Equal((name, address), (read["fromName"]!.GetValue<string>(), read["fromAddress"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("line\n.\n..\n.dot\n")]
    [InlineData("ends without a line break")]
    [InlineData("tail blanks   \ntail tab\t\n\n\nmany lines\n")]
    [InlineData("mixed\r\nline\rends\n")]
    [InlineData(
        "= equals == and ünïcödé 字 in a line that is long enough to be broken softly somewhere in the middle of it all"
    )]
    public async Task A_text_is_read_as_it_was_written(string text)
    {
        var letter = Letters.To("ann@example.com");
        var message = MimeMessage.Compose(letter with { Email = letter.Email with { Text = text } });
        var read = await MessageTests.ParseAsync(message.Bytes);

        Assert.Equal(
            text.ReplaceLineEndings("\n").TrimEnd('\n'),
            read["text"]!.GetValue<string>().ReplaceLineEndings("\n").TrimEnd('\n')
        );
    }

    [Fact]
    public async Task An_address_beyond_ASCII_is_told_from_one_whose_domain_is()
    {
        var chinese = MimeMessage.Compose(Letters.To("用户@例子.example"));
        var german = MimeMessage.Compose(Letters.To("ann@bücher.example"));
        var read = await MessageTests.ParseAsync(chinese.Bytes);

        Assert.Equal((true, false), (chinese.NeedsUtf8, german.NeedsUtf8));
        Assert.Equal("用户@例子.example", read["to"]!.GetValue<string>());
        Assert.Contains("To: ann@xn--bcher-kva.example\r\n", german.Headers, StringComparison.Ordinal);
    }

    private static EmailEnvelope Named(string name)
    {
        var letter = Letters.To("li.wei@example.cn");
        return name switch
        {
            "chinese" => letter with
            {
                List = Marks,
                Email = new RenderedEmail(
                    "zh-CN",
                    "广告：Ann，欢迎认识我们——客户究竟怎样使用产品，您能早些看到",
                    "一分钟了解",
                    "<!doctype html>\n<p>您好！</p>\n<p><a href=\"https://go.example.com/t/BBB\">一个案例</a></p>\n",
                    null
                ),
            },
            "english" => letter with { List = Marks with { UnsubscribeMail = null } },
            _ => letter with { IsAutomatic = true, Sender = letter.Sender with { ReplyTo = null } },
        };
    }
}
