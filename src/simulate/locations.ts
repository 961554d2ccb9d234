/** Metropolitan and smaller areas of the United States with rough shares of listeners, in tenths of a percent. */
const AREAS = `New York-Newark-Jersey City, NY-NJ-PA 68|Los Angeles-Long Beach-Anaheim, CA 44
Chicago-Naperville-Elgin, IL-IN-WI 33|Dallas-Fort Worth-Arlington, TX 22|Philadelphia-Camden-Wilmington, PA-NJ-DE-MD 21
Houston-The Woodlands-Sugar Land, TX 20|Washington-Arlington-Alexandria, DC-VA-MD-WV 20
Miami-Fort Lauderdale-West Palm Beach, FL 19|Atlanta-Sandy Springs-Roswell, GA 18|Boston-Cambridge-Newton, MA-NH 16
San Francisco-Oakland-Hayward, CA 15|Phoenix-Mesa-Scottsdale, AZ 14|Riverside-San Bernardino-Ontario, CA 14
Detroit-Warren-Dearborn, MI 14|Seattle-Tacoma-Bellevue, WA 12|Minneapolis-St. Paul-Bloomington, MN-WI 11
San Diego-Carlsbad, CA 10|Tampa-St. Petersburg-Clearwater, FL 9|St. Louis, MO-IL 9|Baltimore-Columbia-Towson, MD 9
Denver-Aurora-Lakewood, CO 9|Pittsburgh, PA 8|Charlotte-Concord-Gastonia, NC-SC 8
Portland-Vancouver-Hillsboro, OR-WA 7|San Antonio-New Braunfels, TX 7|Orlando-Kissimmee-Sanford, FL 7
Sacramento--Roseville--Arden-Arcade, CA 7|Cincinnati, OH-KY-IN 7|Cleveland-Elyria, OH 7|Kansas City, MO-KS 7
Las Vegas-Henderson-Paradise, NV 6|Columbus, OH 6|Indianapolis-Carmel-Anderson, IN 6
San Jose-Sunnyvale-Santa Clara, CA 6|Austin-Round Rock, TX 6|Virginia Beach-Norfolk-Newport News, VA-NC 6
Nashville-Davidson--Murfreesboro--Franklin, TN 6|Providence-Warwick, RI-MA 5|Milwaukee-Waukesha-West Allis, WI 5
Jacksonville, FL 5|Memphis, TN-MS-AR 4|Oklahoma City, OK 4|Louisville/Jefferson County, KY-IN 4|Richmond, VA 4
New Orleans-Metairie, LA 4|Hartford-West Hartford-East Hartford, CT 4|Raleigh, NC 4|Salt Lake City, UT 4
Birmingham-Hoover, AL 4|Buffalo-Cheektowaga-Niagara Falls, NY 4|Rochester, NY 4|Grand Rapids-Wyoming, MI 4
Tucson, AZ 4|Tulsa, OK 4|Fresno, CA 4|Omaha-Council Bluffs, NE-IA 4|Albuquerque, NM 4|Knoxville, TN 4
Greenville-Anderson-Mauldin, SC 4|Baton Rouge, LA 4|Little Rock-North Little Rock-Conway, AR 4|Dayton, OH 4
Charleston-North Charleston, SC 4|Boise City, ID 4|Lansing-East Lansing, MI 4|Spokane-Spokane Valley, WA 4
Des Moines-West Des Moines, IA 4|Jackson, MS 4|Winston-Salem, NC 4|Portland-South Portland, ME 4
Manchester-Nashua, NH 4|Anchorage, AK 4|Lubbock, TX 4|Eugene, OR 4|Cedar Rapids, IA 4|Santa Rosa, CA 4|Fargo, ND-MN 4
Charleston, WV 4|Sioux Falls, SD 4|Billings, MT 4|Burlington-South Burlington, VT 3|Bismarck, ND 3|Cheyenne, WY 3
Urban Honolulu, HI 4|Red Bluff, CA 3|Klamath Falls, OR 3|La Crosse-Onalaska, WI-MN 3|Plymouth, IN 3|Monroe, LA 3
Eureka-Arcata-Fortuna, CA 3|Youngstown-Warren-Boardman, OH-PA 3|Parkersburg-Vienna, WV 3|Palestine, TX 3|London, KY 3`;

export const LOCATIONS: readonly { readonly name: string; readonly share: number }[] = AREAS.split(/[|\n]/).map(
  (entry) => {
    const space = entry.lastIndexOf(" ");
    return { name: entry.slice(0, space), share: Number(entry.slice(space + 1)) };
  },
);
