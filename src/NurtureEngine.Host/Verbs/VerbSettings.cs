using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Verbs;

/// <summary>The machine settings as a verb sees them, checked as the host checks them.</summary>
internal sealed record VerbSettings(IConfiguration Configuration, NurtureOptions Options)
{
    /// <summary>Reads the settings; only who serves needs to say where e-mail goes.</summary>
    /// <exception cref="UsageException">The settings are faulty; the message names every fault.</exception>
    public static VerbSettings Read(IConfiguration configuration, bool serves = false)
    {
        var options = new NurtureOptions();
        configuration.GetSection(NurtureOptions.Section).Bind(options);
        var result = new NurtureOptionsValidator(configuration, serves).Validate(name: null, options);
        return result.Failed
            ? throw new UsageException(string.Join(Environment.NewLine, result.Failures!))
            : new VerbSettings(configuration, options);
    }

    /// <summary>Opens the database that a host has made, migrated.</summary>
    /// <exception cref="UsageException">There is none: a verb does not make one in whatever folder it was called.</exception>
    public async Task<NurtureDatabase> OpenDatabaseAsync(CancellationToken cancellationToken)
    {
        var connectionString = Configuration.GetConnectionString("Nurture");
        var folder = Path.GetFullPath(Options.DataFolder);
        if (string.IsNullOrEmpty(connectionString) && !File.Exists(new DataFolder(folder, null).AttachedLock))
        {
            throw new UsageException(
                $"There is no data folder {folder}: call this in the folder that the host was started in, or set Nurture__DataFolder."
            );
        }

        var database = await NurtureDatabase.OpenAsync(
            connectionString,
            folder,
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
