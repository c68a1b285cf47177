"""What the columns of a list of activities may mean, and the names councils and charities use."""

from linkwork.exchange.column_names import Content, Vocabulary, meaning

SERVICES = Vocabulary(
    "activities",
    (
        meaning(
            "name",
            "Name of the activity",
            "name service_name activity_name name_service name_activity activity service "
            "group_name name_group group club_name name_club club title service_title "
            "activity_title session session_name class class_name project project_name course "
            "event event_name library library_name venue_or_service",
            last="organisation organisation_name organization charity provider",
            needed=True,
        ),
        meaning(
            "description",
            "What happens there",
            "description what_it_is details about summary service_description information "
            "activity_description what_we_do what_they_do what_is_it what description_service "
            "service_offered services_offered brief_description short_description overview "
            "further_information more_information",
            last="notes comments info additional_information other_information",
            many=True,
        ),
        meaning(
            "id",
            "Its own number or code",
            "id service_id activity_id unique_id reference ref record_id uid uuid uprn_id "
            "identifier service_ref",
        ),
        meaning(
            "provider",
            "Who runs it",
            "provider organisation organisation_name organization organization_name "
            "provider_name name_organisation charity run_by delivered_by delivery_partner "
            "host lead_organisation agency name_provider provider_organisation",
        ),
        meaning(
            "address",
            "Address",
            "address full_address venue_address street_address address_line_1 address_line_2 "
            "address_line_3 address_line_4 address_1 address_2 address_3 address_4 address1 "
            "address2 address3 street line_1 line_2 building street_name road addr "
            "address_line1 address_line2 address_line3 locality location_address where",
            many=True,
        ),
        meaning(
            "venue",
            "Name of the place",
            "venue venue_name location location_name place site site_name building_name "
            "premises name_venue",
        ),
        meaning(
            "city",
            "Town or city",
            "town city town_city city_town post_town address_town address_city village "
            "town_village",
        ),
        meaning(
            "county",
            "County",
            "county address_county state_province",
        ),
        meaning(
            "postcode",
            "Postcode",
            "postcode post_code postal_code address_postcode venue_postcode zip pcode pc "
            "location_postcode zip_code postcodes",
            content=Content.POSTCODE,
            tells=True,
        ),
        meaning(
            "phone",
            "Phone",
            "phone telephone phone_number telephone_number tel contact_number tel_no "
            "telephone_no contact_telephone contact_phone mobile landline phone_no "
            "contact_tel tel_number public_phone",
            last="contact contact_details",
            content=Content.PHONE,
            tells=True,
        ),
        meaning(
            "email",
            "Email",
            "email e_mail email_address contact_email e_mail_address general_email enquiries_email",
            content=Content.EMAIL,
            tells=True,
        ),
        meaning(
            "url",
            "Web address",
            "website web url web_address website_address link web_site homepage web_link "
            "website_url site_url webpage web_page weblink website_link",
            content=Content.WEB,
            tells=True,
        ),
        meaning(
            "times",
            "Days and times",
            "opening_times opening_hours times time when day_and_time day_time days_times day "
            "days hours schedule session_times opening_days times_days day_s_and_time "
            "start_time end_time open frequency day_week days_times_open timings opening_time "
            "hours_opening days_hours",
            many=True,
        ),
        meaning(
            "cost",
            "Cost",
            "cost costs price fee fees charge charges prices cost_per_session "
            "price_per_session how_much cost_session any_cost cost_details",
            content=Content.MONEY,
            tells=True,
        ),
        meaning(
            "category",
            "Type or category",
            "category categories type service_type activity_type type_activity type_service "
            "sector theme themes tags keywords topic subject sport sports sub_category "
            "subcategory service_category primary_category classification taxonomy kind",
            many=True,
        ),
        meaning(
            "route",
            "How people get in",
            "referral_method referral_route referral how_to_refer how_to_access referrals "
            "referral_process how_to_join application_process booking referral_type "
            "how_to_book referral_criteria self_referral referral_details",
        ),
        meaning(
            "eligibility",
            "Who it is for",
            "eligibility who_for who_is_it audience who_is_it_for target_group "
            "target_audience client_group criteria eligibility_criteria for_whom who suitable "
            "suitability who_can_attend gender target_group_s beneficiaries",
        ),
        meaning(
            "ages",
            "Ages",
            "age ages age_range age_group age_groups ages_served age_range_catered",
            content=Content.AGES,
        ),
        meaning(
            "minimum_age",
            "Youngest age",
            "minimum_age min_age age_from from_age lower_age youngest_age age_min lowest_age",
            content=Content.AGES,
        ),
        meaning(
            "maximum_age",
            "Oldest age",
            "maximum_age max_age age_to to_age upper_age oldest_age age_max highest_age",
            content=Content.AGES,
        ),
        meaning(
            "area",
            "Area it serves",
            "area_name area areas area_served area_covered areas_covered district borough "
            "local_authority ward neighbourhood locality_served region coverage "
            "geographical_area",
            many=True,
        ),
        meaning(
            "languages",
            "Languages",
            "language languages languages_spoken language_spoken",
            many=True,
        ),
        meaning(
            "accessibility",
            "Access",
            "accessibility access wheelchair_access disabled_access access_needs step_free "
            "wheelchair_accessible disability_access accessible step_free_access",
            many=True,
        ),
        meaning(
            "latitude",
            "Latitude",
            "latitude lat y geo_lat lat_wgs84",
            content=Content.LATITUDE,
            tells=True,
        ),
        meaning(
            "longitude",
            "Longitude",
            "longitude lon lng long x geo_lon geo_long lon_wgs84",
            content=Content.LONGITUDE,
            tells=True,
        ),
        meaning(
            "status",
            "Whether it is running",
            "status service_status is_active active running currently_running open_or_closed live",
        ),
        meaning(
            "checked_on",
            "Last checked",
            "last_checked last_updated date_updated assured_date date_checked updated "
            "last_verified last_reviewed date_last_updated review_date",
            content=Content.DATE,
        ),
    ),
)
