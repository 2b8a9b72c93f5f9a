using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Benchmarks.Templating;

/// <summary>A lead as most are, and the model that templates read it through.</summary>
internal static class Sample
{
    public static Sender Sender { get; } =
        new("Grace Hopper", "grace@example.com", null, "Example Ltd", "1 Example Street, London");

    public static Account Account { get; } =
        new(
            null,
            new ExternalKey("crm", "acme"),
            FieldsOf(("name", "Acme & Sons"), ("industry", "machinery"), ("size", "250"), ("tier", "T3"))
        );

    public static Lead Lead { get; } =
        new()
        {
            Key = new ExternalKey("crm", "ann"),
            Fields = FieldsOf(
                ("email", "ann@example.com"),
                ("name", "Ann Lee"),
                ("title", "Head of Purchasing"),
                ("role", "decision_maker"),
                ("language", "en"),
                ("country", "GB"),
                ("owner.name", "Alan Turing"),
                ("owner.email", "alan@example.com"),
                ("custom.score", "72"),
                ("custom.segment", "\"enterprise\"")
            ),
        };

    /// <summary>What the whole mail reads: the lead, and the subject and preheader that were rendered before it.</summary>
    public static IModel NewModel() =>
        new LeadModel(Lead, Account, Sender).With(
            "email",
            new DictionaryModel { ["subject"] = "Five weeks", ["preheader"] = "One mail a week, then silence." }
        );

    private static FieldSet FieldsOf(params (string Name, string Value)[] fields) =>
        FieldSet.Empty.With(
            fields.Select(field => KeyValuePair.Create(field.Name, (string?)field.Value)),
            new Stamp(null, DateTimeOffset.UnixEpoch)
        );
}
