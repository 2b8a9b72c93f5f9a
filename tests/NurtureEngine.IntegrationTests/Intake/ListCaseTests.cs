using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>Lists as people have them, case by case, as <c>tests/Fixtures/cases/lists.tsv</c> lists them.</summary>
public sealed class ListCaseTests(PostgresServer server) : HostTests(server)
{
    private static readonly string Folder = Path.Combine(TestFolder.Fixtures, "cases");

    [Fact]
    public async Task Each_list_is_read_as_it_was_written_or_its_trouble_named()
    {
        var wrong = new List<string>();
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Folder, "lists.tsv")))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var cells = line.Split('\t');
            var seen = await PreviewAsync(await File.ReadAllBytesAsync(Path.Combine(Folder, "lists", cells[0])));
            var faults = string.Join(
                '\n',
                seen["faults"]!.AsArray().Select(fault => $"{fault!["place"]}: {fault["detail"]}")
            );
            var first = seen["first"]!.AsArray().FirstOrDefault()?["fields"]?.AsObject();
            var isRight = cells[2].StartsWith('!')
                ? faults.Contains(cells[2][1..].Trim(), StringComparison.Ordinal)
                : first is not null
                    && faults.Length == 0
                    && cells[2]
                        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .Aggregate(new List<string>(), Join)
                        .TrueForAll(pair => $"{first[pair.Split('=')[0]]}" == pair.Split('=')[1]);
            if (!isRight || $"{seen["encoding"]}" != cells[1])
            {
                wrong.Add($"{cells[0]}: {seen["encoding"]} ({seen["encodingWhy"]}) {first?.ToJsonString()} {faults}");
            }
        }

        Assert.Empty(wrong);

        // A value may hold blanks.
        static List<string> Join(List<string> pairs, string word)
        {
            if (word.Contains('=', StringComparison.Ordinal))
            {
                pairs.Add(word);
            }
            else
            {
                pairs[^1] += $" {word}";
            }

            return pairs;
        }
    }

    [Theory]
    [InlineData("email,Shoe size\nann@example.com,42\n")]
    [InlineData("email,\nann@example.com,42\n")]
    public async Task Columns_that_are_not_known_are_passed_over_when_asked_for(string text)
    {
        var list = Encoding.UTF8.GetBytes(text);
        Assert.NotEmpty((await PreviewAsync(list))["faults"]!.AsArray());
        var seen = await PreviewAsync(list, "&others=pass");

        Assert.Empty(seen["faults"]!.AsArray());
        Assert.Single(seen["first"]!.AsArray());
    }

    [Fact]
    public async Task Who_has_opted_out_there_gets_nothing_here()
    {
        using var body = new ByteArrayContent(
            await File.ReadAllBytesAsync(Path.Combine(Folder, "lists", "e-optout.csv"))
        );
        using var answer = await _host.Http.PostAsync("/api/imports?source=crm&consent=signed%20form", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await _host.DrainAsync();

        Assert.Equal(
            "1 False, 2 True",
            await _host.ScalarAsync<string>(
                "SELECT string_agg(external_id || CASE WHEN granted THEN ' True' ELSE ' False' END, ', ' ORDER BY external_id) FROM consent JOIN lead_identity USING (lead_id) WHERE source = 'crm'"
            )
        );
    }

    [Fact]
    public async Task Of_several_columns_of_refusals_one_is_enough()
    {
        using var body = new ByteArrayContent(
            await File.ReadAllBytesAsync(Path.Combine(Folder, "lists", "n-marketo.csv"))
        );
        using var answer = await _host.Http.PostAsync("/api/imports?source=crm&consent=signed%20form", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await _host.DrainAsync();

        Assert.False(await _host.ScalarAsync<bool>("SELECT granted FROM consent"));
    }

    [Fact]
    public async Task A_workbook_is_read_like_a_list_and_a_damaged_one_is_named()
    {
        var workbook = Workbook(
            """<row r="1"><c r="A1" t="inlineStr"><is><t>Email</t></is></c><c r="B1" t="inlineStr"><is><t>First Name</t></is></c><c r="C1" t="inlineStr"><is><t>Phone</t></is></c></row>"""
                + """<row r="2"><c r="A2" t="inlineStr"><is><t>ann@example.com</t></is></c><c r="B2" t="inlineStr"><is><t>Günter</t></is></c><c r="C2"><v>13800138000</v></c></row>"""
        );
        var seen = await PreviewAsync(workbook);
        var fields = seen["first"]![0]!["fields"]!;
        Assert.Equal(
            ("ann@example.com", "Günter", "13800138000"),
            ($"{fields["email"]}", $"{fields["given_name"]}", $"{fields["phone"]}")
        );

        var damaged = await PreviewAsync(workbook[..(workbook.Length / 2)]);
        Assert.NotEmpty(damaged["faults"]!.AsArray());
    }

    private static byte[] Workbook(string rows)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(
                zip,
                "[Content_Types].xml",
                """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
            );
            Add(
                zip,
                "_rels/.rels",
                """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
            );
            Add(
                zip,
                "xl/workbook.xml",
                """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Leads" sheetId="1" r:id="r1"/></sheets></workbook>"""
            );
            Add(
                zip,
                "xl/_rels/workbook.xml.rels",
                """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"""
            );
            Add(
                zip,
                "xl/worksheets/sheet1.xml",
                $"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"""
            );
        }

        return stream.ToArray();

        static void Add(ZipArchive zip, string name, string text)
        {
            using var writer = new StreamWriter(zip.CreateEntry(name).Open(), new UTF8Encoding(false));
            writer.Write(text);
        }
    }

    private async Task<JsonObject> PreviewAsync(byte[] list, string more = "")
    {
        using var body = new ByteArrayContent(list);
        using var answer = await _host.Http.PostAsync($"/api/imports?preview=true&source=crm{more}", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
