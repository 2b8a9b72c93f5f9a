using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>Trigger: a lead submits a form, whichever or a given one.</summary>
public sealed record FormSubmitted(StepId Id, string Name, string? Form) : Step(Id, Name), IEventTrigger
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.FormSubmitted",
            Category = ActivityCategory.Triggers,
            DisplayName = new("Form submitted", "提交表单"),
            Help = new("Starts when a lead submits a form.", "当线索提交表单时开始。"),
            Example = new(new("Whoever asks for the price list.", "索取报价单的人。"), ("form", "price-list")),
            IsTrigger = true,
            Inputs =
            [
                new("form", new("Form", "表单"))
                {
                    Help = new("The form's name; empty for any form.", "表单名称；留空不限。"),
                },
            ],
            Compile = reader => new FormSubmitted(reader.Id, reader.Name, reader.Text("form")),
        };

    public bool IsFiredBy(CrmEvent crmEvent, Lead before, Lead after) =>
        crmEvent.Type == EventTypes.FormSubmitted && (Form is null || crmEvent.Activity?.IsNamed(Form) == true);

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);
}
