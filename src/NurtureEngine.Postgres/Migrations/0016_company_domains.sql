-- min_program: 14
-- Companies are known by the A-labels of their domains by now, brought there by the program (CompanyDomainStep) before this runs.

COMMENT ON COLUMN account_identity.external_id IS 'What the source calls the company; of the source domain, its domain in A-labels.';
