"""What the columns of a search of a GP system may mean: EMIS, SystmOne, and lists made by hand."""

from linkwork.exchange.column_names import Content, Vocabulary, meaning

PEOPLE = Vocabulary(
    "people",
    (
        meaning(
            "nhs_number",
            "NHS number",
            "nhs_number nhs_no nhsnumber nhs patient_nhs_number nhs_num patient_nhs_no",
            content=Content.NHS_NUMBER,
            tells=True,
        ),
        meaning(
            "family_name",
            "Last name",
            "family_name surname last_name patient_surname lastname familyname patient_family_name",
            needed=True,
        ),
        meaning(
            "given_name",
            "First name",
            "given_name first_name forename forenames firstname given_names first_names "
            "patient_forename patient_first_name christian_name",
            last="calling_name known_as preferred_name",
        ),
        meaning(
            "preferred_name",
            "Likes to be called",
            "calling_name preferred_name known_as preferred_first_name usual_name",
        ),
        meaning(
            "date_of_birth",
            "Date of birth",
            "date_birth dob birth_date d_o_b born date_of_birth patient_date_birth "
            "patient_dob birthdate",
            content=Content.DATE,
            needed=True,
        ),
        meaning(
            "gender",
            "Gender",
            "gender sex patient_gender administrative_gender gender_code sex_code",
        ),
        meaning(
            "postcode",
            "Postcode",
            "postcode post_code home_postcode patient_postcode postal_code "
            "home_address_postcode usual_address_postcode full_postcode",
            content=Content.POSTCODE,
            tells=True,
        ),
        meaning(
            "address",
            "Address",
            "address full_address home_address address_line_1 address_line_2 address_line_3 "
            "address_line_4 address_line_5 house_name_flat_number number_street "
            "number_and_street house_number street village town county patient_address "
            "house_name",
            many=True,
        ),
        meaning(
            "mobile",
            "Mobile",
            "mobile mobile_telephone mobile_phone mobile_number mobile_tel "
            "mobile_telephone_number mobile_no mobile_phone_number patient_mobile",
            content=Content.PHONE,
            tells=True,
        ),
        meaning(
            "phone",
            "Home phone",
            "phone telephone home_telephone home_phone telephone_number phone_number landline "
            "tel contact_number home_tel home_telephone_number contact_telephone "
            "preferred_phone",
            content=Content.PHONE,
        ),
        meaning(
            "email",
            "Email",
            "email email_address e_mail patient_email home_email e_mail_address",
            content=Content.EMAIL,
            tells=True,
        ),
        meaning(
            "practice_code",
            "Code of the GP practice",
            "usual_gp_organisation_code usual_gps_organisation_code "
            "usual_gp_s_organisation_code organisation_code practice_code gp_practice_code "
            "ods_code organisation_national_code registered_practice_code practice_ods_code "
            "gp_code surgery_code organisation_nacs_code usual_gp_organisation "
            "registered_gp_practice_code practice_national_code cdb cdb_code",
            content=Content.PRACTICE_CODE,
            tells=True,
        ),
        meaning(
            "practice_name",
            "Name of the GP practice",
            "practice_name practice surgery gp_practice organisation_name organisation "
            "registered_practice usual_gps_organisation_name usual_gp_organisation_name "
            "gp_surgery registered_gp_practice gp_practice_name",
        ),
        meaning(
            "note",
            "Why they would like support",
            "reason reason_referral reasons referral_reason note notes comments "
            "reason_for_referral associated_text free_text details",
        ),
        meaning(
            "consented",
            "Whether they agreed",
            "consent consented agreed consent_given patient_consent consent_referral consents "
            "patient_agreed consent_obtained consent_date date_consent consented_on "
            "date_agreed agreed_on",
        ),
        meaning(
            "language",
            "Language",
            "language main_language spoken_language main_spoken_language preferred_language "
            "first_language",
        ),
        meaning(
            "died_on",
            "Date of death",
            "date_death deceased_date date_deceased dod date_of_death",
            content=Content.DATE,
        ),
    ),
    either=(("given_name", "preferred_name"),),
)
