using System.Text.RegularExpressions;

namespace NurtureEngine.ArchitectureTests;

/// <summary>Channels are rooms: nobody outside of e-mail's own folder knows how e-mail works.</summary>
public sealed partial class ChannelTests
{
    // Each with its reason. Whoever adds one says why the port is not enough.
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["NurtureEngine.Core/Touches/Channel.cs"] = "names the channels",
        ["NurtureEngine.Core/Leads/Fields.cs"] = "the name of a field",
        ["NurtureEngine.Core/Leads/ExternalKey.cs"] = "the source of leads that are known by their address",
        ["NurtureEngine.Core/Intake/Shapes/LeadShape.cs"] =
            "names of fields, and the channels that a consent may be for",
        ["NurtureEngine.Core/Rulebooks/HubSpotMap.cs"] = "a property of HubSpot's",
        ["NurtureEngine.Core/Intake/HubSpot/HubSpotEvent.cs"] = "HubSpot's refusals are of e-mail",
        ["NurtureEngine.Core/Intake/Imports/ImportConsent.cs"] = "the columns of a list speak of e-mail",
        ["NurtureEngine.Core/Facts/LeadFacts.cs"] = "who unsubscribes by a link refuses e-mail",
        ["NurtureEngine.Core/Contents/LeadModel.cs"] = "names of fields in templates",
        ["NurtureEngine.Core/Contents/KnownFields.cs"] = "names of fields in templates",
        ["NurtureEngine.Core/Contents/EmailRenderer.cs"] = "renders the content of e-mails",
        ["NurtureEngine.Core/Tracks/Activities/Actions/SendEmail.cs"] = "the step that plans e-mails",
        ["NurtureEngine.Core/Tracks/Activities/Actions/ContentPool.cs"] = "its pieces are e-mails",
        ["NurtureEngine.Postgres/Migrations/AddressIdentityStep.cs"] =
            "brought e-mail addresses to their identity, once",
        ["NurtureEngine.Postgres/Leads/NameResolver.cs"] = "a lead may go by their e-mail address",
        ["NurtureEngine.Host/Identity/People/ProviderDesk.cs"] = "a claim of OpenID Connect has this name",
        ["NurtureEngine.Host/Identity/People/ProviderRegistration.cs"] = "a scope of OpenID Connect has this name",
        ["NurtureEngine.Postgres/Leads/LeadExport.cs"] = "the columns of the list are of e-mail",
        ["NurtureEngine.Postgres/Touches/DevelopmentInbox.cs"] = "the name of a field",
        ["NurtureEngine.Postgres/Outgoing/OutboxStore.cs"] = "a message to a colleague, which is no touch",
        ["NurtureEngine.Host/Contents/ContentYaml.cs"] = "metadata of contents",
        ["NurtureEngine.Host/NurtureApplication.cs"] = "registration",
        ["NurtureEngine.Host/Touches/InboxTransport.cs"] =
            "a transport over the database, which the channels' project does not know",
        ["NurtureEngine.Host/Api/SuppressionEndpoints.cs"] = "the list of suppressed addresses is of e-mail",
        ["NurtureEngine.Host/Scheduling/Jobs/Dashboard/JobNames.cs"] = "what the channel is called",
        ["NurtureEngine.Host/Demo/World/DemoBodies.cs"] = "plays a CRM",
        ["NurtureEngine.Host/Demo/DemoFaces.cs"] = "plays a CRM",
        ["NurtureEngine.Host/Verbs/FireOptions.cs"] = "plays a CRM",
        ["NurtureEngine.Host/Verbs/TraceVerb.cs"] = "a lead for trying a track out",
    };

    [Fact]
    public void Nobody_else_knows_e_mail() =>
        Assert.Empty(
            from file in Sources.Files()
            where
                !file.Path.StartsWith("NurtureEngine.Channels/Email/", StringComparison.Ordinal)
                && !Exceptions.ContainsKey(file.Path)
            from line in file.Lines.Index()
            where OfEmail().IsMatch(line.Item)
            select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}"
        );

    [Fact]
    public void Each_exception_is_still_one()
    {
        var knowing = Sources
            .Files()
            .Where(file => file.Lines.Any(line => OfEmail().IsMatch(line)))
            .Select(file => file.Path);

        Assert.Empty(Exceptions.Keys.Except(knowing));
    }

    [Theory]
    [InlineData("IEmailTransport transport")]
    [InlineData("touch.Channel == \"email\"")]
    [InlineData("stop.IsStoppedAsync(Channel.Email)")]
    [InlineData("WHERE channel = 'email'")]
    public void The_rule_can_fail(string line) => Assert.Matches(OfEmail(), line);

    [GeneratedRegex("\\bIEmail\\w+|\"email\"|'email'|\\bChannel\\.Email\\b")]
    private static partial Regex OfEmail();
}
