using NurtureEngine.Channels.Email.Reports;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>What comes back by mail, case by case, as <c>tests/Fixtures/cases/mail.tsv</c> lists it.</summary>
public sealed class MailCaseTests(PostgresServer server) : FeedbackScene(server)
{
    private static readonly string Folder = Path.Combine(TestFolder.Fixtures, "cases");

    public static TheoryData<string, string> Subjects =>
        new(MachineSubjects.All.Select(line => (line.Example, $"{line.Kind}")));

    [Theory]
    [MemberData(nameof(Subjects))]
    public void Each_line_of_the_table_is_the_first_that_knows_its_example(string example, string kind) =>
        Assert.Equal(kind, $"{MachineSubjects.KindOf(example)}");

    [Fact]
    public async Task Each_case_is_heard_as_it_is_meant()
    {
        var (path, message, token) = (
            await ReturnPathAsync(),
            await MessageIdAsync(),
            (await HeaderLinkAsync()).Split('/')[^1]
        );
        var wrong = new List<string>();
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Folder, "mail.tsv")))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var cells = line.Split('\t');
            var text = cells[2].EndsWith(".eml", StringComparison.Ordinal)
                ? await File.ReadAllTextAsync(Path.Combine(Folder, "mail", cells[2]))
                : cells[2].Replace("\\n", "\n", StringComparison.Ordinal);
            var answer = await ReportAsync(
                cells[0],
                text.Replace("RETURN_PATH", path, StringComparison.Ordinal)
                    .Replace("MESSAGE_ID", $"<{message}>", StringComparison.Ordinal)
                    .Replace("UNSUBSCRIBE_TOKEN", token, StringComparison.Ordinal)
            );
            var heard = answer["touches"]!.AsArray().FirstOrDefault()?["what"]!.GetValue<string>() ?? "";
            if (heard != cells[1])
            {
                wrong.Add($"expected '{cells[1]}', heard '{heard}': {line}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("X-Autoresponder: Absent 3")]
    [InlineData("X-Apple-Action: VACATION")]
    [InlineData("From: no-reply@example.com")]
    public async Task A_machine_wakes_no_wait(string header)
    {
        await ReportAsync(
            "inbound",
            $"{header}\nTo: hello@northwind.example\nIn-Reply-To: <{await MessageIdAsync()}>\nSubject: Re: Hello\n\nBack on Monday.\n"
        );
        await _host.DrainAsync();

        Assert.Null(await WrittenAsync());
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM touch_event WHERE code = 'feedback'"));
    }
}
