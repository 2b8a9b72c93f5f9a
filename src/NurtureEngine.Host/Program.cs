using System.CommandLine;
using Npgsql;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Verbs;

var configuration = new ConfigurationBuilder()
    .SetBasePath(Environment.CurrentDirectory)
    .AddJsonFile("appsettings.json", optional: true)
    .AddJsonFile(
        $"appsettings.{Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Production"}.json",
        optional: true
    )
    .AddEnvironmentVariables()
    .Build();

var root = new RootCommand("NurtureEngine: lead nurturing. Without a verb it serves.")
{
    MigrateVerb.Make(configuration),
    CreateKeyVerb.Make(configuration),
    FireVerb.Make(configuration),
};
root.SetAction((_, cancellationToken) => ServeVerb.RunAsync(args, cancellationToken));

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await parsed.InvokeAsync();
    return 2;
}

try
{
    // Signals are the host's own business: it finishes what it has in hand, which may take longer than a parser's patience.
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
    );
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
catch (Exception exception)
    when (exception is StorageException or IOException or InvalidOperationException or NpgsqlException)
{
    // The address may be taken, the disk full, a setting wrong: one sentence helps, a stack trace does not.
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 0;
}
