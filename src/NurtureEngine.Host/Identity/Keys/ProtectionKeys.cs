using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Identity.Keys;

/// <summary>The keys of cookies and forms in the database, so that what one host gave out another reads; wrapped as those of links are.</summary>
internal sealed class ProtectionKeys(
    ProtectionKeyStore store,
    KeyWrapping wrapping,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : IXmlRepository
{
    // Part of what is encrypted: changing it ends every session.
    private const string Application = "NurtureEngine";

    // The framework's own; it makes the next one in time.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. store.List().Select(key => XElement.Parse(Encoding.UTF8.GetString(wrapping.Unwrap(key))))];

    /// <summary>Makes the first key, and reads all: the framework itself would only log what is wrong with them.</summary>
    /// <exception cref="InvalidDataException">One of them was encrypted with another secret.</exception>
    public void Load(IKeyManager manager)
    {
        GetAllElements();
        store.EnsureFirst(() =>
        {
            var now = machineTime.GetUtcNow();
            manager.CreateNewKey(now, now + Lifetime);
        });
    }

    public void StoreElement(XElement element, string friendlyName) =>
        store.Add(
            friendlyName,
            wrapping.Wrap(Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting))),
            business.GetUtcNow()
        );

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<ProtectionKeys>().AddDataProtection().SetApplicationName(Application);
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(
            provider => new ConfigureOptions<KeyManagementOptions>(options =>
                options.XmlRepository = provider.GetRequiredService<ProtectionKeys>()
            )
        );
    }
}
