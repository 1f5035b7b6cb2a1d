"""The columns of Annex A that the measures read, each with the words a reader knows it by."""

from referrals.annex_a.terms import Column

CHILD = Column("child_unique_id", "child identifier")
GENDER = Column("gender", "sex")
ETHNICITY = Column("ethnicity", "ethnicity")
BORN = Column("date_of_birth", "date of birth")
AGE = Column("age_of_child_years", "age")
DISABILITY = Column("does_the_child_have_a_disability", "disability")

# List 1
CONTACT_ON = Column("date_of_contact", "date of contact")
CONTACT_SOURCE = Column("contact_source", "contact source")

# List 2
HELP_START = Column("assessment_start_date", "assessment start date")
HELP_END = Column("assessment_completion_date", "assessment completion date")

# List 3
REFERRED_ON = Column("date_of_referral", "date of referral")
REFERRAL_SOURCE = Column("referral_source", "referral source")
NO_FURTHER_ACTION = Column("referral_nfa", "whether there was further action")
EARLIER_REFERRALS = Column("number_of_referrals_in_last_12_months", "number of referrals in the last 12 months")

# List 4
ASSESSED_FROM = Column("continuous_assessment_start_date", "assessment start date")
ASSESSED_TO = Column("continuous_assessment_date_of_authorisation", "date of authorisation")
SEEN_IN_ASSESSMENT = Column("child_seen_during_continuous_assessment", "whether the child was seen")
NEEDS_SUPPORT = Column(
    "was_the_child_assessed_as_requiring_la_children_s_social_care_support", "whether support is required"
)

# List 5
STRATEGY_ON = Column("strategy_discussion_initiating_section_47_enquiry_start_date", "date of the strategy discussion")
NOT_REQUIRED = Column(
    "was_an_initial_child_protection_conference_deemed_unnecessary", "whether a conference was deemed unnecessary"
)
CONFERENCE_ON = Column("date_of_initial_child_protection_conference", "date of the conference")
LED_TO_PLAN = Column(
    "did_the_initial_child_protection_conference_result_in_a_child_protection_plan",
    "whether the conference led to a plan",
)
EARLIER_ENQUIRIES = Column(
    "number_of_section_47_enquiries_in_the_last_12_months", "number of enquiries in the last 12 months"
)

# List 6
NEED_START = Column("cin_start_date", "start date")
NEED = Column("primary_need_code", "primary need")
LAST_SEEN = Column("date_child_was_last_seen", "date last seen")
NEED_END = Column("cin_closure_date", "closure date")
CLOSURE_REASON = Column("reason_for_closure", "reason for closure")
CASE_STATUS = Column("case_status", "case status")

# List 7
PLAN_START = Column("child_protection_plan_start_date", "plan start date")
FIRST_ABUSE = Column("initial_category_of_abuse", "initial category of abuse")
ABUSE = Column("latest_category_of_abuse", "latest category of abuse")
VISITED_ON = Column("date_of_the_last_statutory_visit", "date of the last visit")
SEEN_ALONE = Column("was_the_child_seen_alone", "whether the child was seen alone")
PLAN_REVIEWED_ON = Column("date_of_latest_review_conference", "date of the latest review")
PLAN_END = Column("child_protection_plan_end_date", "plan end date")
EMERGENCY = Column(
    "subject_to_emergency_protection_order_or_protected_under_police_powers_in_last_six_months_y_n",
    "whether there was an emergency order or police protection",
)
EARLIER_PLANS = Column("number_of_previous_child_protection_plans", "number of previous plans")

# List 8
ASYLUM = Column("unaccompanied_asylum_seeking_child_uasc_within_the_last_12_months_y_n", "asylum status")
CARE_START = Column("date_started_to_be_looked_after", "date of entering care")
CARE_NEED = Column("child_s_category_of_need", "category of need")
SECOND_PERIOD = Column(
    "is_this_a_second_or_subsequent_period_of_being_a_looked_after_child_within_the_last_12_months_y_n",
    "whether it is a second period in 12 months",
)
LEGAL_STATUS = Column("child_s_legal_status", "legal status")
CARE_REVIEWED_ON = Column("date_of_latest_statutory_review", "date of the latest review")
CARE_VISITED_ON = Column("date_of_last_social_work_visit", "date of the last visit")
PERMANENCE = Column("what_is_the_permanence_plan_for_this_child", "permanence plan")
HEALTH_ON = Column("date_of_last_health_assessment", "date of the last health assessment")
DENTAL_ON = Column("date_of_last_dental_check", "date of the last dental check")
PLACEMENTS = Column("number_of_placements_in_the_last_12_months", "number of placements in the last 12 months")
CARE_END = Column("date_ceased_to_be_looked_after", "date of leaving care")
CEASED_REASON = Column("reason_ceased_to_be_looked_after", "reason for leaving care")
PLACED_ON = Column("start_date_of_most_recent_placement", "start date of the placement")
PLACEMENT = Column("placement_type", "placement type")
PROVIDER = Column("placement_provider", "placement provider")
LOCATION = Column("placement_location", "placement location")
MISSING = Column(
    "number_of_episodes_the_child_has_been_missing_from_their_placement_in_the_last_12_months",
    "number of missing episodes in the last 12 months",
)
ABSENT = Column(
    "number_of_episodes_the_child_has_been_absent_from_their_placement_in_the_last_12_months",
    "number of absent episodes in the last 12 months",
)
INTERVIEW_OFFERED = Column(
    "was_the_child_offered_a_return_interview_after_their_last_missing_episode_y_n",
    "whether a return interview was offered",
)
INTERVIEW_ACCEPTED = Column(
    "did_the_child_accept_a_return_interview_after_their_last_missing_episode_y_n",
    "whether the return interview was accepted",
)

# List 9
ASYLUM_LEAVERS = Column("unaccompanied_asylum_seeking_child_uasc_or_formerly_uasc_if_18_or_over_y_n", "asylum status")
ELIGIBILITY = Column("eligibility_category", "eligibility")
PATHWAY_ON = Column("latest_pathway_plan_review_date", "date of the latest pathway plan review")
IN_TOUCH = Column("la_in_touch", "whether the authority is in touch")
LAST_CONTACT = Column("latest_date_of_contact", "latest date of contact")
ACCOMMODATION = Column("type_of_accommodation", "type of accommodation")
SUITABILITY = Column("suitability_of_accommodation", "suitability of accommodation")
ACTIVITY = Column("activity_status", "activity")

# List 10
ENTERED_CARE = Column("date_the_child_entered_care", "date of entering care")
DECIDED_ON = Column("date_of_decision_that_child_should_be_placed_for_adoption", "date of the adoption decision")
PLACEMENT_ORDER = Column("date_of_placement_order", "date of the placement order")
MATCHED_ON = Column("date_of_matching_child_and_prospective_adopters", "date of the match")
PLACED_FOR_ADOPTION = Column("date_placed_for_adoption", "date placed for adoption")
ADOPTED_ON = Column("date_of_adoption_order", "date of the adoption order")
NO_LONGER_ON = Column(
    "date_of_decision_that_child_should_no_longer_be_placed_for_adoption", "date of the decision against adoption"
)
NO_LONGER_REASON = Column("reason_why_child_no_longer_placed_for_adoption", "reason for no longer placing")
EARLY_PLACED = Column(
    "date_the_child_was_placed_for_fostering_in_ffa_or_concurrent_planning_placement", "date of fostering for adoption"
)

# List 11
FAMILY = Column("family_identifier", "family identifier")
ENQUIRED_ON = Column("date_enquiry_received", "date of the enquiry")
STAGE_1_START = Column("date_stage_1_started", "start of stage 1")
STAGE_1_END = Column("date_stage_1_ended", "end of stage 1")
STAGE_2_START = Column("date_stage_2_started", "start of stage 2")
STAGE_2_END = Column("date_stage_2_ended", "end of stage 2")
APPLIED_ON = Column("date_application_submitted", "date of the application")
APPROVED_ON = Column("date_application_approved", "date of approval")
ADOPTERS_MATCHED_ON = Column("date_adopter_matched_with_child_ren", "date of the match")
LEFT_ADOPTION = Column("date_of_leaving_adoption_process", "date of leaving the process")
LEFT_ADOPTION_REASON = Column("reason_for_leaving_adoption_process", "reason for leaving the process")
