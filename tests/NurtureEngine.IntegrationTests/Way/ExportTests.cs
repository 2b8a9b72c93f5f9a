using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Tracks between the database and files, by the verbs.</summary>
public sealed class ExportTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("export");
    private readonly string _target = TestFolder.New("exported");

    public void Dispose()
    {
        _folder.Dispose();
        TestFolder.Delete(_target);
    }

    [Fact]
    public async Task Every_track_gets_a_file_of_its_own_and_what_comes_back_is_no_new_version()
    {
        string[] ids = ["a_b", "a.b", "A_B", "../up", new string('x', 190)];
        foreach (var (number, id) in ids.Index())
        {
            await _folder.PublishAsync(
                [Step("n", "Elsa.WriteLine", ("text", Literal("n")))],
                "T>n",
                null,
                $"t{number}"
            );
            var file = Path.Combine(_folder.Path, $"t{number}.json");
            var text = await File.ReadAllTextAsync(file);
            await File.WriteAllTextAsync(file, text.Replace($"\"t{number}\"", $"\"{id}\"", StringComparison.Ordinal));
        }

        var database = await server.CloneAsync();
        await using (await TestHost.StartAsync(database, workflows: _folder.Path)) { }
        await using var export = Verb(database, "export");
        var exported = await export.ExitAsync();
        await using var import = Verb(database, "import");
        var imported = await import.ExitAsync();

        Assert.Equal((0, 0), (exported, imported));
        Assert.Equal(
            ids.Length,
            Directory
                .EnumerateFiles(_target, "*.json")
                .Select(Path.GetFileName)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Count()
        );
        Assert.Contains("Nothing was published.", import.Output, StringComparison.Ordinal);
    }

    private HostProcess Verb(string database, string verb) =>
        HostProcess.Start(
            new Dictionary<string, string>
            {
                ["ConnectionStrings__Nurture"] = database,
                ["Nurture__Email__Mode"] = "inbox",
            },
            ["tracks", verb, _target]
        );
}
