using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Verbs;

/// <summary>The machine settings as a verb sees them, checked as the host checks them.</summary>
internal sealed record VerbSettings(IConfiguration Configuration, NurtureOptions Options)
{
    /// <exception cref="UsageException">The settings are faulty; the message names every fault.</exception>
    public static VerbSettings Read(IConfiguration configuration)
    {
        var options = new NurtureOptions();
        configuration.GetSection(NurtureOptions.Section).Bind(options);
        var result = new NurtureOptionsValidator(configuration).Validate(name: null, options);
        return result.Failed
            ? throw new UsageException(string.Join(Environment.NewLine, result.Failures!))
            : new VerbSettings(configuration, options);
    }

    /// <summary>Opens the database, migrated.</summary>
    public async Task<NurtureDatabase> OpenDatabaseAsync(CancellationToken cancellationToken)
    {
        var database = await NurtureDatabase.OpenAsync(
            Configuration.GetConnectionString("Nurture"),
            Options.DataFolder,
            Console.Error.WriteLine,
            cancellationToken
        );
        try
        {
            await database.MigrateAsync(cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}

/// <summary>A verb was called in a way that it can't serve; the message says what was expected.</summary>
internal sealed class UsageException(string message) : Exception(message);
