using System.Globalization;

namespace NurtureEngine.Host.Storage;

/// <summary>A user of the operating system.</summary>
internal sealed record SystemUser(string Name, int Id, int GroupId)
{
    /// <summary>
    /// Whom the private PostgreSQL runs as: null (the host's own user), or an unprivileged one where the host is root, since
    /// PostgreSQL refuses to run as root.
    /// </summary>
    public static SystemUser? ForPostgres()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(Parse).Where(user => user is not null).ToList();
        return users.FirstOrDefault(user => user!.Name == "postgres")
            ?? users.FirstOrDefault(user => user!.Name == "nobody")
            ?? throw new StorageException(
                "The host runs as root, and there is neither a user 'postgres' nor 'nobody' for the private PostgreSQL: add one, run the host as another user, or set ConnectionStrings__Nurture."
            );
    }

    private static SystemUser? Parse(string line)
    {
        var parts = line.Split(':');
        return
            parts.Length > 3
            && int.TryParse(parts[2], CultureInfo.InvariantCulture, out var id)
            && int.TryParse(parts[3], CultureInfo.InvariantCulture, out var group)
            && id != 0
            ? new SystemUser(parts[0], id, group)
            : null;
    }
}
