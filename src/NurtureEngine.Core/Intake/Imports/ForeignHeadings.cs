using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake.Imports;

/// <summary>
/// Headings of the exports of HubSpot, Salesforce, Marketo, 纷享销客 and 销售易: what they mean, or that they are passed over, since they tell of the
/// record there and not of the lead.
/// </summary>
internal static class ForeignHeadings
{
    /// <summary>The heading under which HubSpot exports its stages.</summary>
    public const string HubSpotStage = "lifecycle stage";

    /// <summary>The heading under which HubSpot exports its buying roles.</summary>
    public const string HubSpotRole = "buying role";

    /// <summary>What the headings begin with under which HubSpot exports all companies of a contact, with <c>;</c> between them.</summary>
    public const string HubSpotCompanies = "associated company";

    private static readonly (string Column, string Headings)[] Table =
    [
        (
            ImportColumns.ExternalId,
            "record id|contact id|lead id|contactid|leadid|marketo id|客户id|联系人id|线索id|联系人编号|线索编号"
        ),
        (Fields.Email, "email addresses|work email|business email|电子邮件|邮件地址|邮箱地址|email地址"),
        (Fields.Name, "contact name|lead name|线索名称|联系人姓名|线索姓名|联系人名称"),
        (Fields.GivenName, "firstname|given name"),
        (Fields.FamilyName, "lastname|family name"),
        (
            Fields.Phone,
            "phone number|mobilephone|mobile phone number|mobile phone|business phone|work phone|手机号码|联系电话|电话号码|移动电话"
        ),
        (Fields.Title, "jobtitle|职称|岗位"),
        (Fields.Country, "country/region|mailing country|country/territory|billing country|国家/地区|国家地区"),
        (Fields.Language, "preferred language|首选语言"),
        (
            ImportColumns.CompanyId,
            "associated company ids|associated company id|associated company ids (primary)|primary associated company id|account id|accountid|客户id号|公司id"
        ),
        (
            ImportColumns.Company,
            "associated company|associated company (primary)|primary company|account name|company / account|客户名称|所属客户|单位名称"
        ),
        (ImportColumns.CompanyDomain, "website url|company domain name|公司网址|官网"),
        (ImportColumns.Stage, HubSpotStage),
        (Fields.Role, HubSpotRole),
        (Fields.Industry, "所属行业"),
        (
            Fields.Size,
            "number of employees|numberofemployees|no. of employees|annual headcount|员工人数|人员规模|员工数"
        ),
        (
            "owner_name",
            "contact owner|lead owner|account owner|销售线索所有人|联系人所有人|所有人|归属人|跟进人|销售负责人"
        ),
        ("owner_email", "contact owner email|lead owner email"),
        (ImportColumns.Source, "original source|original traffic source|leadsource|线索来源|客户来源"),
        (ImportColumns.Campaign, "campaign name|市场活动|市场活动名称"),
        (
            ImportColumns.OptOut,
            "unsubscribed|black listed|blacklisted|email invalid|email bounced|do not email|unsubscribed from all email|email opt out|hasoptedoutofemail|opted out of email|拒收邮件|退订邮件|邮件退订"
        ),
        (
            ImportHeadings.Ignored,
            "salutation|create date|created date|created at|creation date|last modified date|last modified|updated at|last activity date|last contacted|lead status|lead rating|rating|marketing contact status|email domain|fax|fax number|department|latest source|record source|merged record ids|annual revenue|message|street|state/province|zip/postal code|lead owner alias|created by|last activity|do not call|home phone|member status|ownerid|isdeleted|createddate|lastmodifieddate|unsubscribed reason|person source|person score|person time zone|sfdc type|sfdc lead id|sfdc contact id|inferred company|main phone|acquisition program|original source type|createdat|updatedat|leadscore|mailing street|mailing city|mailing state/province|mailing zip/postal code|street address|city|state/region|state|postal code|lead score|description|"
                + "归属部门|负责人主属部门|生命状态|锁定状态|业务类型|线索池|最后跟进时间|跟进状态|最新修改日|最新修改人|状态|所属部门|公海池|最近活动记录时间|邮政编码|创建时间|创建日期|创建人|最后修改时间|最后修改人|修改时间|更新日期|线索状态|客户状态|客户级别|部门|省份|省|城市|市|区县|区|地址|详细地址|邮编|传真|备注|称谓|性别|生日|qq|微信"
        ),
    ];

    public static IEnumerable<(string Heading, string Column)> All =>
        Table.SelectMany(row => row.Headings.Split('|').Select(heading => (heading, row.Column)));
}
