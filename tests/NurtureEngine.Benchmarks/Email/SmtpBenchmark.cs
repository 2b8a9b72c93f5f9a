using System.Diagnostics;
using System.Security.Cryptography;
using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Channels.Email;
using NurtureEngine.Channels.Email.Dkim;
using NurtureEngine.Channels.Email.Smtp;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Benchmarks.Email;

/// <summary>
/// Messages a second over eight connections to a local sink, each message composed anew from an HTML of 3 KB; the bare socket sends one
/// composed message again and again. <c>smtp-signed</c> signs each by DKIM (rsa-sha256, 2048 bits).
/// </summary>
internal static class SmtpBenchmark
{
    private const int Connections = 8;
    private const int Batch = 64;
    private const int Rounds = 5;

    public static async Task<Result> RunAsync(bool signs)
    {
        using var sink = await Sink.StartAsync();
        using var key = RSA.Create(2048);
        using var signer = signs ? DkimSigner.Create("example.com", "s1", key.ExportPkcs8PrivateKeyPem()) : null;
        await using var transport = new SmtpTransport(
            new SmtpOptions
            {
                Host = "127.0.0.1",
                Port = sink.Port,
                Security = SmtpSecurity.None,
                MaxConnections = Connections,
                MessagesPerConnection = int.MaxValue,
            },
            signer,
            TimeProvider.System
        );
        var html = await HtmlAsync();
        var message = MimeMessage.Compose(Letter(html, 1)).Bytes;
        Console.WriteLine($"a message has {message.Length:N0} bytes");
        var count = signs ? 6_400 : 64_000;
        var (measured, raw) = (new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            var one = await RateAsync(count, each => SendAsync(transport, html, each));
            var other = await RateAsync(count, each => BareSubmission.RunAsync(sink.Port, message, each));
            Console.WriteLine($"{one:N0}/s, bare {other:N0}/s");
            if (round >= 0)
            {
                measured.Add(one);
                raw.Add(other);
            }
        }

        return new Result(
            signs ? "smtp-signed" : "smtp",
            Math.Round(measured.Order().ElementAt(Rounds / 2)),
            "messages/s",
            Math.Round(raw.Order().ElementAt(Rounds / 2))
        );
    }

    /// <summary>
    /// <c>smtp-far</c>: the default number of connections to a server that is 10 ms a round trip away; the bare sockets take two round trips a message,
    /// on as many connections.
    /// </summary>
    public static async Task<Result> RunFarAsync()
    {
        await using var server = new FarServer(TimeSpan.FromMilliseconds(10));
        var options = new SmtpOptions
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Security = SmtpSecurity.None,
        };
        await using var transport = new SmtpTransport(options, signer: null, TimeProvider.System);
        var html = await HtmlAsync();
        var message = MimeMessage.Compose(Letter(html, 1)).Bytes;
        var (measured, raw) = (new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            var count = options.MaxConnections * Batch;
            var one = await RateAsync(count, each => SendAsync(transport, html, each), options.MaxConnections);
            var other = await RateAsync(
                count,
                each => BareSubmission.RunAsync(server.Port, message, each),
                options.MaxConnections
            );
            Console.WriteLine($"{one:N0}/s, bare {other:N0}/s");
            if (round >= 0)
            {
                measured.Add(one);
                raw.Add(other);
            }
        }

        return new Result(
            "smtp-far",
            Math.Round(measured.Order().ElementAt(Rounds / 2)),
            "messages/s",
            Math.Round(raw.Order().ElementAt(Rounds / 2))
        );
    }

    /// <summary>Hands one finished message over as often as that, on so many connections: what MailKit can do at most.</summary>
    public static async Task FinishedAsync(int port, int count, int connections)
    {
        await using var transport = new SmtpTransport(
            new SmtpOptions
            {
                Host = "127.0.0.1",
                Port = port,
                Security = SmtpSecurity.None,
                MaxConnections = connections,
                MessagesPerConnection = int.MaxValue,
            },
            signer: null,
            TimeProvider.System
        );
        var letter = Letter(await HtmlAsync(), 1);
        var group = Enumerable.Repeat(letter with { Message = MimeMessage.Compose(letter) }, Batch).ToList();
        var left = count;
        await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (Interlocked.Add(ref left, -Batch) > -Batch)
                        {
                            await using var session = await transport.OpenAsync(Batch, CancellationToken.None);
                            await session.DeliverAsync(group, CancellationToken.None);
                        }
                    })
                )
        );
    }

    private static async Task<double> RateAsync(int count, Func<int, Task> send, int connections = Connections)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => send(count / connections))));
        return count / clock.Elapsed.TotalSeconds;
    }

    private static async Task SendAsync(SmtpTransport transport, string html, int count)
    {
        for (var sent = 0; sent < count; sent += Batch)
        {
            var letters = Enumerable.Range(sent, Batch).Select(number => Letter(html, number)).ToList();
            await using var session = await transport.OpenAsync(Batch, CancellationToken.None);
            var results = await session.DeliverAsync(letters, CancellationToken.None);
            if (results.FirstOrDefault(result => result is not DeliveryResult.Accepted) is { } other)
            {
                throw new InvalidDataException($"The sink answered {other}.");
            }
        }
    }

    private static EmailEnvelope Letter(string html, int number) =>
        new(
            new TouchId(new Guid(number, 0, 0, new byte[8])),
            number,
            new Sender(
                "Nadia at Northwind",
                "nadia@northwind.example",
                "hello@northwind.example",
                "Northwind",
                "12 Harbour Street"
            ),
            $"lead-{number}@example.com",
            new RenderedEmail(
                "en",
                $"Welcome, lead {number}",
                "In a minute",
                html,
                "Hello,\n\nthis is the plain text.\n"
            ),
            $"{number:x32}@northwind.example",
            DateTimeOffset.UtcNow
        )
        {
            List = new ListMarks(
                "https://go.example.com/u/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                null,
                "<t.example.com>",
                "a:b:c:d"
            ),
        };

    private static async Task<string> HtmlAsync()
    {
        await using var stream = typeof(SmtpBenchmark).Assembly.GetManifestResourceStream("mail.html")!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
