using Microsoft.Extensions.Configuration;
using NurtureEngine.Host.Verbs;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace NurtureEngine.IntegrationTests.Shipped;

/// <summary>The compose file as Docker would read it, as far as that can be told without Docker.</summary>
public sealed class ComposeTests
{
    private static readonly Lazy<Dictionary<string, object>> File = new(Read);

    private static Dictionary<object, object> Services => (Dictionary<object, object>)File.Value["services"];

    [Fact]
    public void Two_hosts_a_database_and_a_mail_catcher_are_there_and_hang_together()
    {
        Assert.Equal(["database", "host-1", "host-2", "mail"], Services.Keys.Cast<string>().Order());
        foreach (var service in Services.Values.Cast<Dictionary<object, object>>())
        {
            Assert.True(service.ContainsKey("image") || service.ContainsKey("build"));
            if (service.TryGetValue("depends_on", out var needed))
            {
                Assert.Empty(((Dictionary<object, object>)needed).Keys.Except(Services.Keys));
            }
        }
    }

    [Theory]
    [InlineData("host-1")]
    [InlineData("host-2")]
    public void A_host_may_write_nowhere_has_no_rights_and_its_settings_are_sound(string name)
    {
        var host = (Dictionary<object, object>)Services[name];
        var environment = ((Dictionary<object, object>)host["environment"]).ToDictionary(
            pair => ((string)pair.Key).Replace("__", ":", StringComparison.Ordinal),
            pair => (string?)pair.Value
        );
        environment["Nurture:PublicUrl"] = "https://go.example.com";

        Assert.Equal("true", host["read_only"]);
        Assert.Equal(["ALL"], (List<object>)host["cap_drop"]);
        VerbSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(environment).Build(), serves: true);
    }

    [Fact]
    public void The_image_is_built_in_stages_from_folders_that_are_there_and_runs_as_nobody_in_particular()
    {
        var lines = System.IO.File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"));

        Assert.Equal(2, lines.Count(line => line.StartsWith("FROM ", StringComparison.Ordinal)));
        Assert.Contains("USER $APP_UID", lines);
        foreach (var line in lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)))
        {
            foreach (
                var source in line.Split(' ')[1..^1].Where(part => !part.StartsWith("--", StringComparison.Ordinal))
            )
            {
                Assert.True(
                    source == "/app" || Directory.GetFileSystemEntries(Repository.Root, source.TrimEnd('/')).Length > 0,
                    source
                );
            }
        }
    }

    private static Dictionary<string, object> Read()
    {
        using var text = new StreamReader(Path.Combine(Repository.Root, "docker-compose.yml"));
        return new DeserializerBuilder()
            .Build()
            .Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(text)));
    }
}
