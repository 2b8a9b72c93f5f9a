using NurtureEngine.Channels.Email;
using NurtureEngine.Channels.Email.Smtp;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>How the way to a mail server is secured and signed in to, and what is refused.</summary>
public sealed class SmtpSecurityTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(SmtpSecurity.Tls)]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Opportunistic)]
    public async Task A_valid_certificate_secures_the_way(SmtpSecurity security)
    {
        await using var server = new SmtpServer(
            new SmtpBehaviour
            {
                Certificate = _certificates.For("localhost"),
                IsImplicitTls = security == SmtpSecurity.Tls,
            }
        );

        Assert.Equal("", await TryAsync(server, security));
        Assert.True(server.Mails.Single().IsSecure);
    }

    [Theory]
    [InlineData("other.example", false, true)]
    [InlineData("localhost", true, true)]
    [InlineData("localhost", false, false)]
    public async Task A_certificate_of_another_name_time_or_authority_is_refused(
        string name,
        bool isExpired,
        bool isTrusted
    )
    {
        foreach (var security in Enum.GetValues<SmtpSecurity>().Except([SmtpSecurity.None]))
        {
            await using var server = new SmtpServer(
                new SmtpBehaviour
                {
                    Certificate = _certificates.For(name, isExpired),
                    IsImplicitTls = security == SmtpSecurity.Tls,
                }
            );

            Assert.Contains("certificate", await TryAsync(server, security, isTrusted), StringComparison.Ordinal);
            Assert.Empty(server.Mails);
        }
    }

    [Fact]
    public async Task A_server_without_TLS_is_used_only_where_that_is_allowed()
    {
        await using var server = new SmtpServer();

        Assert.Contains("offers no STARTTLS", await TryAsync(server, SmtpSecurity.StartTls), StringComparison.Ordinal);
        Assert.Empty(server.Mails);
        Assert.Equal("", await TryAsync(server, SmtpSecurity.Opportunistic));
    }

    [Fact]
    public async Task What_is_said_before_TLS_begins_is_not_taken_for_the_server()
    {
        // Believed, it would be the answer to the greeting, with a limit that no message keeps. MailKit drops what came too early and goes on.
        await using var server = new SmtpServer(
            new SmtpBehaviour { Certificate = _certificates.For("localhost"), Injected = "\r\n250-test\r\n250 SIZE 1" }
        );

        Assert.Equal("", await TryAsync(server, SmtpSecurity.StartTls));
        Assert.True(server.Mails.Single().IsSecure);
    }

    [Theory]
    [InlineData("PLAIN LOGIN", "secret", null, "")]
    [InlineData("LOGIN", "secret", null, "")]
    [InlineData("XOAUTH2", null, "token", "")]
    [InlineData("PLAIN", "wrong", null, "535 5.7.8 wrong user or password")]
    [InlineData("LOGIN", "wrong", null, "535 5.7.8")]
    [InlineData("XOAUTH2", null, "old", "535 5.7.8")]
    [InlineData("CRAM-MD5", "secret", null, "does not let sign in by LOGIN")]
    [InlineData("PLAIN", null, "token", "does not let sign in by XOAUTH2")]
    public async Task One_signs_in_by_what_the_server_offers(
        string offered,
        string? password,
        string? token,
        string expected
    )
    {
        await using var server = new SmtpServer(
            new SmtpBehaviour { Certificate = _certificates.For("localhost"), Auth = offered.Split(' ') }
        );
        var file = token is null ? null : Path.GetTempFileName();
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, $"{token}\n");
        }

        var fault = await TryAsync(
            server,
            SmtpSecurity.StartTls,
            change: options => (options.UserName, options.Password, options.AccessTokenFile) = ("user", password, file)
        );
        if (file is not null)
        {
            File.Delete(file);
        }

        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.Equal(expected.Length == 0 ? "user" : null, server.Mails.SingleOrDefault()?.User);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmtpSecurity.None)]
    [InlineData(SmtpSecurity.Opportunistic)]
    public async Task A_password_is_never_sent_in_the_open(SmtpSecurity security)
    {
        var said = new List<string>();
        await using var server = new SmtpServer(
            new SmtpBehaviour
            {
                Auth = ["PLAIN", "LOGIN"],
                React = (_, line) =>
                {
                    said.Add(line);
                    return null;
                },
            }
        );
        var fault = await TryAsync(
            server,
            security,
            change: options => (options.UserName, options.Password) = ("user", "secret")
        );

        Assert.Contains("not encrypted", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(said, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SmtpStep.Connect)]
    [InlineData(SmtpStep.Hello)]
    [InlineData(SmtpStep.StartTls)]
    [InlineData(SmtpStep.Auth)]
    public async Task A_server_that_dies_before_it_takes_mail_leaves_nothing_half_done(SmtpStep at)
    {
        await using var server = new SmtpServer(
            new SmtpBehaviour
            {
                Certificate = _certificates.For("localhost"),
                Auth = ["PLAIN"],
                React = (step, _) => step == at ? new Reaction.Die() : null,
            }
        );
        var fault = await TryAsync(
            server,
            SmtpSecurity.StartTls,
            change: options => (options.UserName, options.Password) = ("user", "secret")
        );

        Assert.StartsWith($"localhost:{server.Port}", fault, StringComparison.Ordinal);
    }

    // What kept a letter from being sent; empty where it was sent.
    private async Task<string> TryAsync(
        SmtpServer server,
        SmtpSecurity security,
        bool isTrusted = true,
        Action<SmtpOptions>? change = null
    )
    {
        var options = new SmtpOptions
        {
            Host = "localhost",
            Port = server.Port,
            Security = security,
            CaFile = isTrusted ? _certificates.CaFile : null,
            CommandTimeout = TimeSpan.FromSeconds(5),
        };
        change?.Invoke(options);
        await using var transport = new SmtpTransport(options, signer: null, TimeProvider.System);
        try
        {
            await using var session = await transport.OpenAsync(1, CancellationToken.None);
            var results = await session.DeliverAsync(Letters.Some(1), CancellationToken.None);
            Assert.IsType<DeliveryResult.Accepted>(results.Single());
            return "";
        }
        catch (EmailTransportException exception)
        {
            return exception.Message;
        }
    }
}
