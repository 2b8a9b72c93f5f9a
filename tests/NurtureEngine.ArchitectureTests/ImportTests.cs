namespace NurtureEngine.ArchitectureTests;

/// <summary>Who may import whom: arrows point at Core and never sideways.</summary>
public sealed class ImportTests
{
    private static readonly string[] BaseLibrary =
    [
        "System",
        "netstandard",
        "mscorlib",
        "Microsoft.Win32",
        "Microsoft.CSharp",
    ];

    private static readonly string[] Abstractions =
    [
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options",
        "Microsoft.Extensions.DependencyInjection.Abstractions",
    ];

    /// <summary>Each project, and what it may import beside the base library and the abstractions.</summary>
    public static TheoryData<string, string[]> Allowed =>
        new()
        {
            { "NurtureEngine.Core", ["Scriban", "NodaTime", "PhoneNumbers"] },
            { "NurtureEngine.Postgres", ["NurtureEngine.Core", "Npgsql", "Dapper", "Hangfire.PostgreSql"] },
            {
                "NurtureEngine.Console",
                [
                    "NurtureEngine.Core",
                    "Markdig",
                    "NodaTime",
                    "Microsoft.AspNetCore",
                    "Microsoft.Extensions.Hosting.Abstractions",
                    "Microsoft.Extensions.Localization.Abstractions",
                    "Microsoft.Extensions.Primitives",
                ]
            },
            {
                "NurtureEngine.Studio",
                [
                    "NurtureEngine.Core",
                    "Microsoft.AspNetCore",
                    "Microsoft.Extensions.Hosting.Abstractions",
                    "Microsoft.Extensions.Primitives",
                    "Microsoft.Net.Http.Headers",
                ]
            },
            {
                "NurtureEngine.Channels",
                [
                    "NurtureEngine.Core",
                    "MailKit",
                    "MimeKit",
                    "BouncyCastle.Cryptography",
                    "Polly",
                    "Refit",
                    "Microsoft.Extensions.Http",
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_project_imports_only_what_it_may(string project, string[] allowed)
    {
        var imported = Sources.Assembly(project).GetReferencedAssemblies().Select(name => name.Name!);

        var forbidden = imported.Where(name => !IsAllowed(name, allowed));
        Assert.Empty(forbidden);
    }

    [Fact]
    public void The_table_can_fail() => Assert.False(IsAllowed("Npgsql", ["Scriban"]));

    private static bool IsAllowed(string name, string[] allowed) =>
        Matches(BaseLibrary, name) || Abstractions.Contains(name) || Matches(allowed, name);

    private static bool Matches(string[] roots, string name) =>
        roots.Any(root => name == root || name.StartsWith(root + ".", StringComparison.Ordinal));
}
