using System.Diagnostics;
using NurtureEngine.Channels.Email.Smtp;
using NurtureEngine.Core.Touches;
using NurtureEngine.IntegrationTests.Api;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>Submission to a mail server that the world runs.</summary>
public sealed class PostfixTests
{
    [Fact]
    public async Task Postfix_takes_what_it_shall_refuses_the_rest_and_delivers_it_whole()
    {
        Assert.SkipUnless(PostfixServer.IsAvailable, "Postfix, sasl2-bin and root are needed; .ci/run has them.");
        using var certificates = new Certificates();
        await using var postfix = await PostfixServer.StartAsync(certificates);
        await using var transport = Transport(postfix, certificates, "secret");
        var letters = Letters.Some(60);
        letters[10] = Letters.To("gone@example.com", 11);
        letters[20] = Letters.To("full@example.com", 21);
        letters[30] = Letters.To("用户@example.com", 31);
        await using var session = await transport.OpenAsync(letters.Count, CancellationToken.None);
        var results = await session.DeliverAsync(letters, CancellationToken.None);
        var mails = await postfix.MailsAsync(58);
        var read = await MessageTests.ParseAsync(mails[0]);

        Assert.Equal(BounceClass.Hard, Assert.IsType<DeliveryResult.Rejected>(results[10]).Class);
        Assert.Equal(BounceClass.Soft, Assert.IsType<DeliveryResult.Deferred>(results[20]).Class);
        Assert.Equal(58, results.Count(result => result is DeliveryResult.Accepted));
        Assert.Equal(58, mails.Count);
        Assert.Equal("What customers do", read["subject"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_sink_takes_two_thousand_messages_over_eight_connections()
    {
        Assert.SkipUnless(PostfixServer.IsAvailable, "Postfix and root are needed; .ci/run has them.");
        var port = PostfixServer.FreePort();
        using var sink = Process.Start("/usr/sbin/smtp-sink", ["-u", "nobody", $"127.0.0.1:{port}", "100"]);
        try
        {
            await Eventually.TrueAsync(() => Task.FromResult(PostfixServer.IsOpen(port)), "smtp-sink answering");
            await using var transport = new SmtpTransport(
                new SmtpOptions
                {
                    Host = "localhost",
                    Port = port,
                    Security = SmtpSecurity.None,
                },
                signer: null,
                TimeProvider.System
            );
            var results = await Task.WhenAll(
                Letters
                    .Some(2_000)
                    .Chunk(50)
                    .Select(async letters =>
                    {
                        await using var session = await transport.OpenAsync(letters.Length, CancellationToken.None);
                        return await session.DeliverAsync(letters, CancellationToken.None);
                    })
            );

            Assert.Equal(2_000, results.SelectMany(some => some).Count(result => result is DeliveryResult.Accepted));
        }
        finally
        {
            sink.Kill();
        }
    }

    [Fact]
    public async Task Postfix_refuses_who_signs_in_wrongly()
    {
        Assert.SkipUnless(PostfixServer.IsAvailable, "Postfix, sasl2-bin and root are needed; .ci/run has them.");
        using var certificates = new Certificates();
        await using var postfix = await PostfixServer.StartAsync(certificates);
        await using var transport = Transport(postfix, certificates, "wrong");

        var refused = await Assert.ThrowsAsync<Channels.Email.EmailTransportException>(() =>
            transport.OpenAsync(1, CancellationToken.None)
        );
        Assert.Contains("535", refused.Message, StringComparison.Ordinal);
    }

    private static SmtpTransport Transport(PostfixServer postfix, Certificates certificates, string password) =>
        new(
            new SmtpOptions
            {
                Host = "localhost",
                Port = postfix.Port,
                CaFile = certificates.CaFile,
                UserName = "user",
                Password = password,
                MaxConnections = 3,
            },
            signer: null,
            TimeProvider.System
        );
}
