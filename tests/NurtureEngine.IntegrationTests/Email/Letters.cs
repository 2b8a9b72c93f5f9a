using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>E-mails for tests.</summary>
internal static class Letters
{
    public static EmailEnvelope To(string recipient, int number = 1) =>
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
            recipient,
            new RenderedEmail(
                "en",
                "What customers do",
                "In a minute",
                "<!doctype html>\n<p>Hello,</p>\n<p>a line</p>\n",
                "Hello,\n\n.\na line\n"
            ),
            $"{number:x32}.0@northwind.example",
            new DateTimeOffset(2026, 6, 1, 9, 30, 0, TimeSpan.Zero)
        );

    public static List<EmailEnvelope> Some(int count) =>
        [.. Enumerable.Range(1, count).Select(number => To($"lead-{number}@example.com", number))];
}
