using NurtureEngine.Core.Intake;

namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>Notes the fact by which the lead meets a criterion of the rulebook's qualification.</summary>
public sealed record AddEvidence(StepId Id, string Name, string Criterion, TextValue Fact) : ChangeStep(Id, Name)
{
    private const int MostCharacters = 2_000;

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.AddEvidence",
            Category = ActivityCategory.Lead,
            DisplayName = new("Add evidence", "添加证据"),
            Help = new("Records a fact for a criterion of qualification.", "为鉴别标准记录一条事实。"),
            Example = new(
                new("The lead has told their budget in a form.", "线索在表单中说明了预算。"),
                ("criterion", "Budget"),
                ("fact", "Told in the form: {{ lead.custom.budget }}")
            ),
            Inputs =
            [
                new("criterion", new("Criterion", "标准"))
                {
                    Help = new("Which criterion.", "标准。"),
                    Offer = InputOffer.Criteria,
                },
                new("fact", new("Fact", "事实"))
                {
                    Shape = InputShape.Paragraph,
                    Help = new("The fact, in words.", "事实描述。"),
                },
            ],
            Compile = reader => new AddEvidence(
                reader.Id,
                reader.Name,
                reader.Criterion("criterion"),
                reader.TextValue("fact")
            ),
        };

    public override bool ReadsLead => Fact is TextValue.Scripted;

    protected override LeadChange? ChangeFor(Visit visit, LeadChange empty) =>
        Fact.In(visit.Values) is { Length: <= MostCharacters } fact
            ? empty with
            {
                Criterion = Criterion,
                Fact = fact,
                Reason = $"{visit.Track.DefinitionId}/{Name}",
            }
            : null;
}
