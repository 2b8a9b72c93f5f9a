using System.CommandLine;
using Npgsql;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Verbs;

try
{
    return await RunAsync(args);
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
{
    await Console.Error.WriteLineAsync(
        $"{exception.Message.TrimEnd('.')}: end the other program, or name another address with ASPNETCORE_URLS."
    );
    return 1;
}
catch (Exception exception)
    when (exception
            is StorageException
                or IOException
                or InvalidDataException
                or FormatException
                or InvalidOperationException
                or UnauthorizedAccessException
                or NpgsqlException
    )
{
    // A disk may be full, a setting wrong: one sentence helps, a stack trace does not.
    var cause = exception.InnerException?.Message;
    await Console.Error.WriteLineAsync(
        cause is null || exception.Message.Contains(cause, StringComparison.Ordinal)
            ? exception.Message
            : $"{exception.Message} {cause}"
    );
    return 1;
}
catch (OperationCanceledException)
{
    return 0;
}

static async Task<int> RunAsync(string[] args)
{
    var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Production";
    var configuration = new ConfigurationBuilder()
        .SetBasePath(Environment.CurrentDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddJsonFile($"appsettings.{environment}.json", optional: true)
        .AddEnvironmentVariables()
        .Build();
    var root = new RootCommand("NurtureEngine: lead nurturing. Without a verb it serves.")
    {
        MigrateVerb.Make(configuration),
        CreateKeyVerb.Make(configuration),
        FireVerb.Make(configuration),
        RenderVerb.Make(),
        ValidateVerb.Make(configuration),
        TraceVerb.Make(configuration),
        TracksVerb.Make(configuration),
        ContentsVerb.Make(configuration),
        SettleVerb.Make(configuration),
        RewrapKeysVerb.Make(configuration),
        ResetPasswordVerb.Make(configuration),
        ImportVerb.Make(configuration),
        ExportVerb.Make(configuration),
        DemoVerb.Make(configuration),
    };
    root.SetAction((_, cancellationToken) => ServeVerb.RunAsync(args, cancellationToken));
    var parsed = root.Parse(args);
    if (parsed.Errors.Count > 0)
    {
        throw new UsageException(
            $"{string.Join(Environment.NewLine, parsed.Errors.Select(error => error.Message))}{Environment.NewLine}'--help' shows what is expected."
        );
    }

    // Signals are the host's own business: it finishes what it has in hand, which may take longer than a parser's patience.
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
    );
}
