using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>What comes back by mail: delivery reports, complaints, answers.</summary>
public sealed class MailReportTests(PostgresServer server) : FeedbackScene(server)
{
    [Fact]
    public async Task A_report_of_a_mailbox_that_is_not_there_suppresses_the_address_it_was_sent_to()
    {
        await _host.ExecuteAsync("UPDATE lead_address SET address = 'new@example.com'");
        var answer = await ReportAsync("dsn", Dsn("failed", "5.1.1", await ReturnPathAsync(), "", ""));
        await _host.DrainAsync();

        Assert.Equal("bounced", answer["touches"]![0]!["what"]!.GetValue<string>());
        Assert.Equal("ann@example.com bounced", await SuppressedAsync());
        Assert.Equal(
            "bounced feedback 5.1.1 smtp; 550 5.1.1 <…>: it could not be handed over",
            await _host.ScalarAsync<string>(
                "SELECT state || ' ' || code || ' ' || argument FROM touch_event WHERE code = 'feedback'"
            )
        );
    }

    [Theory]
    [InlineData("delayed", "4.2.2", "")]
    [InlineData("failed", "5.7.26", "")]
    [InlineData("failed", "4.4.7", "bounced_softly")]
    [InlineData("delivered", "2.0.0", "delivered")]
    public async Task Other_reports_suppress_nobody(string action, string status, string expected)
    {
        await ReportAsync("dsn", Dsn(action, status, await ReturnPathAsync(), "", ""));
        await _host.DrainAsync();

        Assert.Equal(
            expected,
            await _host.ScalarAsync<string>(
                "SELECT COALESCE(string_agg(state, ' '), '') FROM touch_event WHERE code = 'feedback'"
            )
        );
        Assert.Null(await SuppressedAsync());
    }

    [Fact]
    public async Task A_touch_is_found_by_what_the_server_repeats_or_by_its_message_id()
    {
        var touch = await _host.ScalarAsync<Guid>("SELECT id FROM touch");
        var message = await MessageIdAsync();
        var byEnvelope = await ReportAsync("dsn", Dsn("delivered", "2.0.0", "x@example.com", $"{touch:N}", ""));
        var byMessage = await ReportAsync("dsn", Dsn("delivered", "2.0.0", "x@example.com", "", $"<{message}>"));
        var other = await ReportAsync(
            "dsn",
            Dsn("failed", "5.1.1", "x@example.com", "", $"<{touch:N}.{Guid.NewGuid():N}@northwind.example>")
        );

        Assert.Equal(
            [$"{touch}", $"{touch}", null],
            new[] { byEnvelope, byMessage, other }.Select(answer =>
                answer["touches"]!.AsArray().FirstOrDefault()?["id"]!.GetValue<string>()
            )
        );
    }

    [Fact]
    public async Task Five_soft_bounces_over_two_weeks_count_as_a_hard_one()
    {
        for (var i = 0; i < 5; i++)
        {
            // A report about the same touch counts once: each of these is about another one.
            var touch = Guid.NewGuid();
            await _host.ExecuteAsync(
                "INSERT INTO touch (lead_id, id, enrollment_id, step, visit, channel, content_version_id, state, priority, due_at, planned_at, settled_at) SELECT lead_id, @touch, enrollment_id, step, 100 + @i, channel, content_version_id, 'accepted', 50, now(), now(), now() FROM touch LIMIT 1",
                new { touch, i }
            );
            Assert.Null(await SuppressedAsync());
            await ReportAsync("dsn", Dsn("failed", "5.2.2", "x@example.com", $"{touch:N}", ""));
            await _host.DrainAsync();
            _host.Clock.Advance(TimeSpan.FromDays(4));
        }

        Assert.Equal("ann@example.com bounced", await SuppressedAsync());
    }

    [Fact]
    public async Task A_complaint_ends_it_for_good_and_not_spam_does_not()
    {
        await ReportAsync("dsn", Arf("not-spam", await ReturnPathAsync()));
        await _host.DrainAsync();
        Assert.Null(await SuppressedAsync());

        await ReportAsync("dsn", Arf("abuse", await ReturnPathAsync()));
        await _host.DrainAsync();

        Assert.Equal("ann@example.com complained", await SuppressedAsync());
        Assert.Equal("lead.complained", await _host.ScalarAsync<string>("SELECT code FROM enrollment"));
    }

    [Fact]
    public async Task An_answer_of_a_person_is_heard_and_that_of_a_machine_is_told_apart()
    {
        var id = await MessageIdAsync();
        var machine = await ReportAsync(
            "inbound",
            $"From: ann@example.com\nTo: hello@northwind.example\nIn-Reply-To: <{id}>\nAuto-Submitted: auto-replied\nSubject: Away\n\nI am away.\n"
        );
        await _host.DrainAsync();
        Assert.Null(await WrittenAsync());

        var person = await ReportAsync(
            "inbound",
            $"From: ann@example.com\nTo: hello@northwind.example\nReferences: <other@x> <{id}>\nSubject: Re: Hello\n\nTell me more.\n"
        );
        await _host.DrainAsync();

        Assert.Equal(
            ("auto_replied", "replied"),
            (machine["touches"]![0]!["what"]!.GetValue<string>(), person["touches"]![0]!["what"]!.GetValue<string>())
        );
        Assert.Equal("engaged", await WrittenAsync());
        Assert.DoesNotContain(
            "Tell me more",
            await _host.ScalarAsync<string>("SELECT string_agg(convert_from(body, 'UTF8'), ' ') FROM inbox"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("I am away until Monday.")]
    [InlineData("This mailbox does not exist any longer for news, user unknown to spam.")]
    [InlineData("> 550 5.1.1 of our guide")]
    public async Task An_absence_note_to_the_return_path_is_no_bounce(string note)
    {
        var answer = await ReportAsync(
            "dsn",
            $"Return-Path: <>\nFrom: ann@example.com\nTo: <{await ReturnPathAsync()}>\nAuto-Submitted: auto-replied\nSubject: Away\n\n{note}\n"
        );

        Assert.Equal("auto_replied", answer["touches"]![0]!["what"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_report_of_forgeries_is_no_complaint_and_a_status_that_says_nothing_leaves_the_word_to_the_diagnostic()
    {
        var forged = await ReportAsync("dsn", Arf("auth-failure", await ReturnPathAsync()));
        var vague = await ReportAsync(
            "dsn",
            Dsn("failed", "5.0.0", await ReturnPathAsync(), "", "")
                .Replace("550 5.0.0", "550 5.1.1", StringComparison.Ordinal)
        );

        Assert.Empty(forged["touches"]!.AsArray());
        Assert.Equal("bounced", vague["touches"]![0]!["what"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_mail_to_unsubscribe_does()
    {
        var token = (await HeaderLinkAsync()).Split('/')[^1];
        await ReportAsync(
            "inbound",
            $"From: ann@example.com\nTo: <unsubscribe@bounce.example.com>\nSubject: {token}\n\n"
        );
        await _host.DrainAsync();

        Assert.Equal("lead.unsubscribed", await _host.ScalarAsync<string>("SELECT code FROM enrollment"));
    }

    [Fact]
    public async Task Whatever_is_heard_of_an_uncertain_touch_it_has_left()
    {
        await _host.ExecuteAsync("UPDATE touch SET state = 'uncertain', code = 'handing.interrupted'");
        await _stranger.GetAsync(await LinkAsync("/o/"));
        await _host.DrainAsync();

        Assert.Equal(
            "accepted feedback.heard",
            await _host.ScalarAsync<string>("SELECT state || ' ' || code FROM touch")
        );
    }

    [Fact]
    public async Task Reports_are_taken_from_who_has_a_key_and_nonsense_harms_nobody()
    {
        using var anonymous = new StringContent(Dsn("failed", "5.1.1", await ReturnPathAsync(), "", ""));
        var unsigned = await _stranger.PostAsync("/webhooks/email/dsn", anonymous);
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(0, 400)];
            random.NextBytes(bytes);
            var text = Dsn("failed", "5.1.1", "x@example.com", "", "");
            var cut = random.Next(text.Length);
            using var body = new ByteArrayContent([.. Encoding.UTF8.GetBytes(text[..cut]), .. bytes]);
            var answer = await _host.Http.PostAsync(
                i % 2 == 0 ? "/webhooks/email/dsn" : "/webhooks/email/inbound",
                body
            );

            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.BadRequest });
        }

        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE type LIKE 'engine.%'"));
    }

    private static string Dsn(string action, string status, string to, string envelope, string message) =>
        $"""
            From: MAILER-DAEMON@mx1.example.net
            To: <{to}>
            Subject: Undelivered mail
            Auto-Submitted: auto-replied
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status;
             boundary="B1"

            --B1
            Content-Type: text/plain; charset=utf-8

            One recipient could not be reached.
            --B1
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx1.example.net
            Original-Envelope-Id: {envelope}

            Original-Recipient: rfc822;ann@example.com
            Final-Recipient: rfc822;a.nn@example.com
            Action: {action}
            Status: {status} (as it is)
            Diagnostic-Code: smtp; 550 {status} <a.nn@example.com>: it could not
             be handed over

            --B1
            Content-Type: text/rfc822-headers

            Message-ID: {message}
            Subject: Hello

            --B1--
            """;

    private static string Arf(string type, string from) =>
        $"""
            From: fbl@provider.example
            Content-Type: multipart/report; report-type=feedback-report; boundary="F1"

            --F1
            Content-Type: text/plain

            A mailbox user marked this message.
            --F1
            Content-Type: message/feedback-report

            Feedback-Type: {type}
            User-Agent: ProviderFBL/2.1
            Version: 1
            Original-Mail-From: <{from}>

            --F1
            Content-Type: message/rfc822

            From: Acme <news@example.com>
            Message-ID: <somebody@else>

            (body)
            --F1--
            """;
}
