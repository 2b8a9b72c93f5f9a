using NurtureEngine.Channels.Email;
using NurtureEngine.Channels.Email.Smtp;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>Submission to a mail server, over a real connection: what is sent, and what each end of it means.</summary>
public sealed class SmtpTests
{
    [Theory]
    [InlineData("PIPELINING,8BITMIME,SMTPUTF8,DSN")]
    [InlineData("8BITMIME")]
    [InlineData("")]
    public async Task Messages_arrive_whole_in_order_whatever_the_server_can(string extensions)
    {
        await using var server = new SmtpServer(new SmtpBehaviour { Extensions = extensions.Split(',') });
        await using var transport = Transport(server);

        var results = await SendAsync(transport, Letters.Some(20));

        Assert.All(
            results,
            result => Assert.Equal("250 2.0.0 queued as 42", Assert.IsType<DeliveryResult.Accepted>(result).Answer)
        );
        Assert.Equal(Letters.Some(20).Select(letter => letter.MessageId), server.Mails.Select(mail => mail.Id));
        Assert.Equal(1, server.Connections);
        foreach (var (letter, mail) in Letters.Some(20).Zip(server.Mails))
        {
            Assert.Equal(MimeMessage.Compose(letter).Bytes, mail.Content);
            Assert.Equal((letter.Sender.Address, letter.Recipient), (mail.Sender, mail.Recipient));
        }
    }

    [Theory]
    [InlineData(SmtpStep.Mail, "Deferred")]
    [InlineData(SmtpStep.Recipient, "Deferred")]
    [InlineData(SmtpStep.Data, "Deferred")]
    [InlineData(SmtpStep.End, "Uncertain")]
    public async Task Where_the_server_dies_decides_what_is_known(SmtpStep at, string expected) =>
        await DiesAsync(at, expected, ["PIPELINING"]);

    [Theory]
    [InlineData(SmtpStep.Mail, "Deferred")]
    [InlineData(SmtpStep.Recipient, "Deferred")]
    [InlineData(SmtpStep.Data, "Deferred")]
    [InlineData(SmtpStep.End, "Uncertain")]
    public async Task Without_pipelining_too(SmtpStep at, string expected) => await DiesAsync(at, expected, []);

    [Fact]
    public async Task A_server_that_dies_in_the_middle_of_a_message_has_not_got_it()
    {
        await using var server = new SmtpServer(Dying(SmtpStep.Body, _ => true, ["PIPELINING"]));
        await using var transport = Transport(server);
        // Too long to be on its way before the server is gone.
        var letter = Letters.To("ann@example.com");
        var results = await SendAsync(
            transport,
            [letter with { Email = letter.Email with { Html = new string('x', 40_000_000) } }]
        );

        Assert.Equal("smtp.connection_lost", Assert.IsType<DeliveryResult.Deferred>(results[0]).Reason);
    }

    [Fact]
    public async Task After_the_answer_a_death_costs_nothing_that_was_taken()
    {
        await using var server = new SmtpServer(Dying(SmtpStep.Answered, _ => true, []));
        await using var transport = Transport(server);
        var results = await SendAsync(transport, Letters.Some(3));

        Assert.Equal(["Accepted", "Deferred", "Untried"], results.Select(result => result.GetType().Name));
        Assert.Single(server.Mails);
    }

    [Theory]
    [InlineData(SmtpStep.Mail, "Deferred")]
    [InlineData(SmtpStep.Data, "Deferred")]
    [InlineData(SmtpStep.End, "Uncertain")]
    public async Task A_server_that_does_not_answer_is_left_after_a_while(SmtpStep at, string expected)
    {
        await using var server = new SmtpServer(
            new SmtpBehaviour { React = (step, _) => step == at ? new Reaction.Hang() : null }
        );
        await using var transport = Transport(
            server,
            options =>
                (options.CommandTimeout, options.DoneTimeout) = (TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(0.3))
        );
        var results = await SendAsync(transport, Letters.Some(2));

        Assert.Equal([expected, "Untried"], results.Select(result => result.GetType().Name));
    }

    [Theory]
    [InlineData(SmtpStep.Mail, "451 4.3.0 later", "Deferred Defer")]
    [InlineData(SmtpStep.Mail, "553 5.1.8 no such sender", "Deferred Config")]
    [InlineData(SmtpStep.Recipient, "550 5.1.1 <lead-2@example.com> user unknown", "Rejected Hard")]
    [InlineData(SmtpStep.Recipient, "452 4.2.2 full", "Deferred Soft")]
    [InlineData(SmtpStep.Data, "554 5.7.1 blocked", "Rejected Block")]
    [InlineData(SmtpStep.End, "552 5.3.4 too big", "Rejected Content")]
    [InlineData(SmtpStep.End, "451 4.7.28 rate limit", "Deferred Defer")]
    public async Task A_refusal_means_one_message_and_the_others_go_on(SmtpStep at, string said, string expected)
    {
        foreach (var extensions in new string[][] { ["PIPELINING"], [] })
        {
            var asked = 0;
            await using var server = new SmtpServer(
                new SmtpBehaviour
                {
                    Extensions = extensions,
                    React = (step, _) => step == at && ++asked == 2 ? new Reaction.Say(said) : null,
                }
            );
            await using var transport = Transport(server);
            var results = await SendAsync(transport, Letters.Some(3));

            Assert.Equal(["Accepted", expected, "Accepted"], results.Select(Shown));
            Assert.Equal([1, 3], server.Mails.Select(mail => mail.Recipient[5] - '0'));
            Assert.DoesNotContain("lead-2@", $"{results[1]}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_refusal_holds_though_the_server_goes_right_after_it()
    {
        await using var server = new SmtpServer(
            new SmtpBehaviour
            {
                React = (step, _) =>
                    step == SmtpStep.Recipient ? new Reaction.Say("550 5.1.1 no such user")
                    : step == SmtpStep.Reset ? new Reaction.Die()
                    : null,
            }
        );
        await using var transport = Transport(server);

        Assert.Equal(["Rejected Hard", "Untried"], (await SendAsync(transport, Letters.Some(2))).Select(Shown));
    }

    [Fact]
    public async Task What_can_not_be_written_is_refused_by_itself()
    {
        await using var server = new SmtpServer();
        await using var transport = Transport(server);
        var letters = Letters.Some(3);
        letters[1] = letters[1] with { Recipient = "a>b\r\nRCPT TO:<evil@example.org>@example.com" };

        Assert.Equal(["Accepted", "Rejected", "Accepted"], (await SendAsync(transport, letters)).Select(Shown));
        Assert.Equal(2, server.Mails.Count);
    }

    [Theory]
    [InlineData(SmtpStep.Data, "250 go on", "Deferred")]
    [InlineData(SmtpStep.End, "354 what?", "Uncertain")]
    public async Task A_server_that_is_out_of_step_is_left(SmtpStep at, string said, string expected)
    {
        await using var server = new SmtpServer(
            new SmtpBehaviour { React = (step, _) => step == at ? new Reaction.Say(said) : null }
        );
        await using var transport = Transport(server);
        var results = await SendAsync(transport, Letters.Some(1));

        Assert.Equal([expected], results.Select(Shown));
    }

    [Fact]
    public async Task A_server_that_closes_its_door_is_left_and_the_rest_is_untried()
    {
        await using var server = new SmtpServer(
            new SmtpBehaviour
            {
                React = (step, line) =>
                    step == SmtpStep.Recipient && line.Contains("lead-2", StringComparison.Ordinal)
                        ? new Reaction.Say("421 4.3.2 shutting down")
                        : null,
            }
        );
        await using var transport = Transport(server);
        var results = await SendAsync(transport, Letters.Some(4));
        var again = await SendAsync(transport, Letters.Some(1));

        Assert.Equal(["Accepted", "Deferred Defer", "Untried", "Untried"], results.Select(Shown));
        Assert.Equal(["Accepted"], again.Select(Shown));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_hand_over_that_is_ended_finishes_what_it_began_and_no_more()
    {
        using var until = new CancellationTokenSource();
        await using var server = new SmtpServer(
            new SmtpBehaviour
            {
                React = (step, line) =>
                {
                    if (step == SmtpStep.End && line.Contains($"{3:x32}", StringComparison.Ordinal))
                    {
                        until.Cancel();
                    }

                    return null;
                },
            }
        );
        await using var transport = Transport(server);
        await using var session = await transport.OpenAsync(6, CancellationToken.None);
        var results = await session.DeliverAsync(Letters.Some(6), until.Token);

        // Not even the message whose envelope the server has already.
        Assert.Equal(3, server.Mails.Count);
        Assert.All(results.Take(3), result => Assert.IsType<DeliveryResult.Accepted>(result));
        Assert.All(results.Skip(3), result => Assert.Equal(new DeliveryResult.Untried("gate.stale"), result));
    }

    [Fact]
    public async Task A_connection_that_died_while_it_lay_idle_is_replaced()
    {
        await using var server = new SmtpServer();
        await using var transport = Transport(server, options => options.IdleTimeout = TimeSpan.Zero);
        await SendAsync(transport, Letters.Some(1));
        server.Drop();
        var results = await SendAsync(transport, Letters.Some(1));
        var third = await SendAsync(transport, Letters.Some(1));

        Assert.Equal("Accepted", Shown(third[0]));
        Assert.Contains(Shown(results[0]), new[] { "Accepted", "Deferred" });
    }

    [Fact]
    public async Task Addresses_beyond_ASCII_need_a_server_that_knows_them_and_domains_do_not()
    {
        await using var old = new SmtpServer(new SmtpBehaviour { Extensions = ["PIPELINING"] });
        await using var modern = new SmtpServer();
        await using var toOld = Transport(old);
        await using var toModern = Transport(modern);
        List<EmailEnvelope> letters = [Letters.To("用户@例子.example", 1), Letters.To("ann@bücher.example", 2)];

        Assert.Equal(["Rejected", "Accepted"], (await SendAsync(toOld, letters)).Select(Shown));
        Assert.Equal(["Accepted", "Accepted"], (await SendAsync(toModern, letters)).Select(Shown));
        Assert.Equal(["ann@xn--bcher-kva.example"], old.Mails.Select(mail => mail.Recipient));
        Assert.Equal(["用户@例子.example", "ann@xn--bcher-kva.example"], modern.Mails.Select(mail => mail.Recipient));
        Assert.Contains("SMTPUTF8", modern.Mails.First().Parameters, StringComparison.Ordinal);
        Assert.DoesNotContain("SMTPUTF8", modern.Mails.Last().Parameters, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_are_asked_for_by_an_id_and_to_an_address_of_the_message_alone()
    {
        await using var server = new SmtpServer();
        await using var transport = Transport(server);
        var letter = Letters.To("ann+x@example.com") with
        {
            ReturnPath = "b+1.tag@bounce.example.com",
            EnvelopeId = "abc",
        };
        await SendAsync(transport, [letter]);
        var mail = server.Mails.Single();

        Assert.Equal("b+1.tag@bounce.example.com", mail.Sender);
        // MailKit names the envelope before what is to be returned; RFC 3461 leaves the order free.
        Assert.Equal(" ENVID=abc RET=HDRS NOTIFY=FAILURE,DELAY ORCPT=rfc822;ann+2Bx@example.com", mail.Parameters);
    }

    [Fact]
    public async Task No_more_connections_are_opened_than_the_settings_allow()
    {
        await using var server = new SmtpServer();
        await using var transport = Transport(server, options => options.MaxConnections = 3);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 30),
            new ParallelOptions { MaxDegreeOfParallelism = 10 },
            async (_, _) => await SendAsync(transport, Letters.Some(5))
        );

        Assert.InRange(server.Connections, 1, 3);
        Assert.Equal(150, server.Mails.Count);
    }

    private static async Task DiesAsync(SmtpStep at, string expected, string[] extensions)
    {
        // In the middle of the second message.
        var seen = 0;
        await using var server = new SmtpServer(Dying(at, _ => ++seen == 2, extensions));
        await using var transport = Transport(server);
        var results = await SendAsync(transport, Letters.Some(4));

        Assert.Equal(["Accepted", expected, "Untried", "Untried"], results.Select(result => result.GetType().Name));
        Assert.Single(server.Mails);
    }

    private static SmtpBehaviour Dying(SmtpStep at, Func<string, bool> when, string[] extensions) =>
        new() { Extensions = extensions, React = (step, line) => step == at && when(line) ? new Reaction.Die() : null };

    private static string Shown(DeliveryResult result) =>
        result switch
        {
            DeliveryResult.Deferred { Class: { } kind } => $"Deferred {kind}",
            DeliveryResult.Rejected { Class: { } kind } => $"Rejected {kind}",
            _ => result.GetType().Name,
        };

    private static SmtpTransport Transport(SmtpServer server, Action<SmtpOptions>? change = null)
    {
        var options = new SmtpOptions
        {
            Host = "localhost",
            Port = server.Port,
            Security = SmtpSecurity.None,
        };
        change?.Invoke(options);
        return new SmtpTransport(options, signer: null, TimeProvider.System);
    }

    private static async Task<IReadOnlyList<DeliveryResult>> SendAsync(
        SmtpTransport transport,
        IReadOnlyList<EmailEnvelope> letters
    )
    {
        await using var session = await transport.OpenAsync(letters.Count, CancellationToken.None);
        return await session.DeliverAsync(letters, CancellationToken.None);
    }
}
