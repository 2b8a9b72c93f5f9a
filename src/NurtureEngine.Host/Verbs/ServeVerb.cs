using System.Net.Sockets;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Identity.People;
using NurtureEngine.Host.Links;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Verbs;

/// <summary>No verb: serve.</summary>
internal static partial class ServeVerb
{
    private const int MostFaults = 10;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = Environment.CurrentDirectory }
        );
        var settings = VerbSettings.Read(builder.Configuration, serves: true);
        await using var database = await NurtureDatabase.OpenAsync(
            builder.Configuration.GetConnectionString("Nurture"),
            settings.Options.DataFolder,
            Console.Error.WriteLine,
            cancellationToken
        );
        await database.MigrateAsync(cancellationToken);
        await using var app = NurtureApplication.Build(builder, database);
        var start = app.Services.GetRequiredService<FirstStart>();
        var faults = await start.RunAsync(cancellationToken);
        if (app.Services.GetRequiredService<LinkKeys>().AreBare)
        {
            LogBareKeys(app.Logger);
        }

        await ListenAsync(app, cancellationToken);
        var key = await start.MakeFirstKeyAsync(cancellationToken);
        var password = await start.MakeFirstPersonAsync(cancellationToken);
        await Console.Error.WriteLineAsync(Welcome(app, database, settings.Options, faults, key, password));
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <exception cref="UsageException">The address that is configured can't be listened on.</exception>
    public static async Task ListenAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            // The loops have started before: they end before the database goes.
            await app.StopAsync(CancellationToken.None);
            if (exception is ArgumentException or SocketException)
            {
                throw NotListening(app.Configuration["urls"], exception);
            }

            throw;
        }
    }

    public static UsageException NotListening(string? address, Exception exception) =>
        new(
            $"'{address}' can't be listened on ({exception.Message}): name another address with ASPNETCORE_URLS, such as http://localhost:5000."
        );

    // On the error stream: the log, on the other, stays JSON, and a key never gets into it.
    private static string Welcome(
        WebApplication app,
        NurtureDatabase database,
        NurtureOptions options,
        IReadOnlyList<string> faults,
        string? key,
        string? password
    )
    {
        var address = app.Urls.FirstOrDefault() ?? "";
        var lines = new List<string>
        {
            "",
            $"  NurtureEngine is ready at {address}",
            database.Embedded is { } embedded
                ? $"  Database: private PostgreSQL {embedded.Major} in {embedded.Folder}"
                : "  Database: external PostgreSQL",
            $"  Tracks from {Path.GetFullPath(options.WorkflowsFolder)}, contents from {Path.GetFullPath(options.TemplatesFolder)}",
            options.Email.IsReal
                ? $"  E-mail leaves by {options.Email.Smtp.Host}:{options.Email.Smtp.Port}"
                : $"  E-mail goes to the development inbox and reaches nobody: {address}/dev/inbox",
        };
        if (faults.Count > 0)
        {
            lines.Add($"  {faults.Count} fault(s), so not everything was taken over:");
            lines.AddRange(faults.Take(MostFaults).Select(fault => $"    {fault}"));
            lines.AddRange(faults.Count > MostFaults ? ["    (the log has the rest)"] : []);
        }

        if (key is not null)
        {
            lines.Add($"  Administrator's API key, shown this once: {key}");
        }

        lines.Add($"  The console is at {address}/console");
        if (password is not null)
        {
            lines.Add(
                $"  Sign in as {FirstPerson.UserName} with this password, shown this once, and choose your own: {password}"
            );
        }

        lines.Add("");
        return string.Join(Environment.NewLine, lines);
    }

    [LoggerMessage(
        EventId = 3301,
        Level = LogLevel.Warning,
        Message = "The keys of links, cookies and forms are stored unencrypted: whoever reads the database can forge them. Set Nurture:Keys:Wrapping and run the verb 'rewrap-keys'"
    )]
    private static partial void LogBareKeys(ILogger logger);
}
